// What ESLint looks for in the scripts: its recommended rules, and what else is a fault, not a matter of taste.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/node_modules/**", "web/static/**"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      eqeqeq: "error",
      "no-constructor-return": "error",
      "no-duplicate-imports": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-promise-executor-return": "error",
      "no-self-compare": "error",
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-unmodified-loop-condition": "error",
      "no-unreachable-loop": "error",
      "no-unused-expressions": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "symbol-description": "error",
      // Texts of data may hold any sign: control characters are looked for on purpose.
      "no-control-regex": "off",
    },
  },
  { files: ["web/**/*.js"], languageOptions: { globals: { ...globals.browser, KIND_SIGNS: "readonly" } } },
  { files: ["web/*.mjs", "tests/**/*.mjs"], languageOptions: { globals: globals.node } },
  {
    // Evaluated in a page: each is one expression.
    files: ["tests/browser/*.js"],
    languageOptions: { globals: globals.browser, sourceType: "script" },
    rules: { "no-unused-expressions": "off" },
  },
];
