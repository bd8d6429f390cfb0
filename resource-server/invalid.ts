/** The token was refused; the message is fit for the client. */
export class InvalidToken extends Error {
  override readonly name: string = 'InvalidToken';
}

/** The proof beside a bound token was refused; the message is fit for the client. */
export class InvalidProof extends Error {
  override readonly name: string = 'InvalidProof';
}

/** The proof is sound but for its nonce, which the client must take from the answer. Source: RFC 9449, section 9. */
export class NonceWanted extends Error {
  override readonly name: string = 'NonceWanted';
  constructor(readonly nonce: string) {
    super('Resource server requires nonce in DPoP proof');
  }
}
