import { createLink } from "@tanstack/react-router"
import type { ComponentProps } from "react"
import { Icon } from "./Icon.tsx"

/** The way back to where a page belongs. */
export const BackLink = createLink(({ children, ...props }: ComponentProps<"a">) => (
  <a {...props} className="back-link">
    <Icon name="arrowLeft" />
    <span className="clip">{children}</span>
  </a>
))
