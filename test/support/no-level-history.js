/** Realms of tests are many, and of one name: what their levels were in the test before is nothing to the next. */
process.env.CDKTF_CONTEXT_JSON ??= JSON.stringify({ stepUpLevels: 'none' });
