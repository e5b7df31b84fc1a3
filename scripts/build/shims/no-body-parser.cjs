// In place of body-parser, which express asks for at its start: no route reads a body, and with it would come half a
// megabyte of character sets for every process to parse.
const refuse = () => {
  throw new Error('no route of this program reads a body');
};

module.exports = { json: refuse, raw: refuse, text: refuse, urlencoded: refuse };
