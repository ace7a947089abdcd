/** The package's version, which saved models name. A constant: in a browser there is no package.json to read. */
export const VERSION = '0.1.0';
