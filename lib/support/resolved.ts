import { DefaultTokenResolver, StringConcat, Tokenization } from 'cdktf';
import type { IConstruct } from 'constructs';

/** References to other resources as Terraform writes them: the same in every run, and comparable. */
export function resolved(scope: IConstruct, content: unknown): unknown {
  return Tokenization.resolve(content, {
    scope,
    preparing: false,
    resolver: new DefaultTokenResolver(new StringConcat()),
  });
}
