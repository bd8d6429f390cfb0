/**
 * Loads CDKTF's generator, quietly. As it is imported it runs `terraform version`, which asks HashiCorp for news; where there is
 * no Terraform, it reports that to them instead, with an id that it keeps in the home folder.
 */
export async function loadGenerator() {
  process.env.CHECKPOINT_DISABLE = '1';
  const { TerraformProviderGenerator } = await import('@cdktf/provider-generator');
  const { CodeMaker } = await import('codemaker');
  const { ConstructsMakerProviderTarget, Language, TerraformProviderConstraint } = await import('@cdktf/commons');
  return {
    CodeMaker,
    ConstructsMakerProviderTarget,
    Language,
    TerraformProviderConstraint,
    TerraformProviderGenerator,
  };
}
