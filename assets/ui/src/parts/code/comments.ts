/** Whether a text in YAML has comments, as far as one sees without reading it. */
export const hasComments = (text: string): boolean => /(^|\s)#/m.test(text);
