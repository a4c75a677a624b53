/**
 * Loads what is in heed's repository and in no package.
 *
 * @throws saying so where it is not there
 */
export async function fromRepository<App>(app: Promise<App>): Promise<App> {
  return app.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error("this command is not part of the package: it runs in a clone of heed's repository", {
      cause: error,
    });
  });
}
