// Links to pages of this UI, as the components that they look like.

import {
  Anchor, type AnchorProps, Button, type ButtonProps, Card, type CardProps, UnstyledButton, type UnstyledButtonProps,
} from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";

type Anchored<P> = P & Omit<ComponentPropsWithRef<"a">, keyof P>;

/** A link in a text. */
export const AnchorLink = createLink((props: Anchored<AnchorProps>) => <Anchor {...props} />);

/** A link that looks like a button. */
export const ButtonLink = createLink((props: Anchored<ButtonProps>) => <Button component="a" {...props} />);

/** A card that leads somewhere. */
export const CardLink = createLink((props: Anchored<CardProps>) => <Card component="a" {...props} />);

/** A link that looks like nothing but what is in it. */
export const PlainLink = createLink((props: Anchored<UnstyledButtonProps>) => <UnstyledButton component="a" {...props} />);
