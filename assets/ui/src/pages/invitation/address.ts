// Where an invitation leads. It stands behind the `#`, which browsers send to nobody: no log has it.

export interface Invitation {
  token: string;
  /** Whom it is for; empty where the address does not say. */
  name: string;
}

const WRITTEN = /^#(maid_invite_\w+)(?:\/([A-Za-z0-9][\w.@+-]{0,63}))?$/;

export function invitationOf(hash: string): Invitation | null {
  const [, token, name = ""] = WRITTEN.exec(hash) ?? [];
  return token ? { token, name } : null;
}

export const addressOf = ({ token, name }: Invitation) => `${location.origin}${import.meta.env.BASE_URL}invitation#${token}/${name}`;
