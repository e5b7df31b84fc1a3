/** The Node.js in packages, executables and image: the newest release of a line with long-term support. */
export const carriedNode = '26.12.1';
