/** The version of this extension: that of package.json, and of the widgets' module. */
declare const require: (path: string) => { version: string };

export const VERSION = require('../package.json').version;
