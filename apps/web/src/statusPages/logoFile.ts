/** The largest logo, in bytes, and the types that one may be of, as the api takes them. */
export const mostLogoBytes = 200 * 1024
export const logoTypes: ReadonlyArray<string> = ["image/png", "image/jpeg", "image/webp"]

/** What is wrong with a file as a logo; undefined when nothing is. */
export const logoRefusal = ({ size, type }: { readonly size: number; readonly type: string }): string | undefined => {
  if (!logoTypes.includes(type)) return "Choose a PNG, JPEG or WebP image."
  if (size > mostLogoBytes) {
    return `This file has ${Math.ceil(size / 1024).toLocaleString("en")} KB; a logo may have 200 KB at most.`
  }
  return undefined
}

/** The bytes of a file in base64. */
export const base64Of = async (file: Blob): Promise<string> => {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ""
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
