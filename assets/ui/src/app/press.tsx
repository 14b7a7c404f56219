// What a button is beneath its looks. One that waits for an answer keeps the focus, which it would lose if it were disabled, and with it
// the dialog that it is in; to press it then, or Enter in its form, does nothing.

import type { ComponentPropsWithRef, MouseEvent } from "react";

type Props = ComponentPropsWithRef<"button"> & { "data-loading"?: boolean; "data-disabled"?: boolean };

const swallow = (event: MouseEvent) => event.preventDefault();

export function Press({ type = "button", ...props }: Props) {
  const waits = props["data-loading"] && !props["data-disabled"];
  return <button type={type} {...props} {...(waits && { disabled: false, "aria-disabled": true, onClick: swallow })} />;
}
