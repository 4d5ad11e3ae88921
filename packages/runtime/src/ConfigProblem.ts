import type { ConfigError } from "effect"

/**
 * What is wrong with the configuration, one line per variable, in the order they were read and each line once. A line
 * never holds a secret's value.
 */
export const configProblems = (error: ConfigError.ConfigError): ReadonlyArray<string> => [...new Set(lines(error))]

const lines = (error: ConfigError.ConfigError): ReadonlyArray<string> => {
  switch (error._op) {
    case "And":
      return [...lines(error.left), ...lines(error.right)]
    // Every alternative failed: the last one is what the person meant, or was told to mean.
    case "Or":
      return lines(error.right)
    case "InvalidData":
    case "MissingData":
    case "SourceUnavailable":
    case "Unsupported":
      return [withPath(error.path, error.message).replaceAll(/[\r\n]+/g, " ")]
  }
}

const withPath = (path: ReadonlyArray<string>, message: string): string => {
  const name = path.join("_")
  return name === "" || message.startsWith(`${name} `) ? message : `${name}: ${message}`
}
