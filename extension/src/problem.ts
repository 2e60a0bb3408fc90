/** Which problem a cell answers: what its first lines say. */

export interface IAnswer {
  readonly problem: string;
  /** By the cell's own word or its magic; null: that of the notebook. */
  readonly language: string | null;
  /** The cell's text, with cell magics blanked: they are the kernel's, not the program's. */
  readonly source: string;
}

const OPTION = /^\s*(?:#|\/\/|--|%|;)\|\s*([a-z]+)\s*:\s*(.*?)\s*$/;
const MAGIC = /^\s*%%(\w*)/;
const PROBLEM = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
const LANGUAGE = /^[a-z][a-z0-9+#]{0,15}$/;
/** Magics whose name is not the name of their language, and those that are named so. */
const MAGIC_LANGUAGES: { readonly [magic: string]: string } = {
  bash: 'bash',
  cpp: 'cpp',
  javascript: 'javascript',
  js: 'javascript',
  perl: 'perl',
  r: 'r',
  ruby: 'ruby',
  sh: 'bash'
};

/** Return what the cell hands in, or null when it names no problem. */
export function answerIn(text: string): IAnswer | null {
  const lines = text.split('\n');
  const said = new Map<string, string>();
  let language: string | null = null;
  for (const [number, line] of lines.entries()) {
    const magic = MAGIC.exec(line);
    const option = OPTION.exec(line);
    if (magic) {
      language = MAGIC_LANGUAGES[(magic[1] ?? '').toLowerCase()] ?? language;
      lines[number] = '';
    } else if (option) {
      said.set(option[1] ?? '', option[2] ?? '');
    } else if (line.trim() !== '') {
      break;
    }
  }
  const problem = said.get('problem') ?? '';
  language = said.get('language') ?? language;
  if (!PROBLEM.test(problem) || (language !== null && !LANGUAGE.test(language))) {
    return null;
  }
  return { problem, language, source: lines.join('\n') };
}

/** Return the contract's name of a notebook's language, such as `cpp` of `C++17`. */
export function languageNamed(name: string): string {
  const lower = name.toLowerCase();
  if (/^(ipython|python)/.test(lower)) {
    return 'python';
  }
  if (/^c\+\+/.test(lower)) {
    return 'cpp';
  }
  return LANGUAGE.test(lower) ? lower : 'python';
}
