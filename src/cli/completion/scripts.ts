import bash from './ciab-gen.bash'
import zsh from './ciab-gen.zsh'

/** For bash 4 and newer, and for zsh, sourced or as _ciab-gen in a folder of fpath: ciab-gen itself says what a word may become. */
export { bash, zsh }
