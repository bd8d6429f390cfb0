/** Whether a text is known at synth: no part of it is a token or a reference of Terraform; both are written `${…}`. */
export function isKnown(text: string): boolean {
  return !(typeof text === 'string' && text.includes('${'));
}
