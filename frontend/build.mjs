// Builds lms/web/static/dist. Same lock file in, same bytes out: the output is committed and shipped in the wheel.
import * as esbuild from "esbuild";
import rtlcss from "rtlcss";
import * as sass from "sass";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "lms", "web", "static", "dist");
const browsers = ["chrome111", "firefox113", "safari16.4"];
const fonts = {
  "fonts/public-sans-latin.woff2": "public-sans/files/public-sans-latin-wght-normal.woff2",
  "fonts/public-sans-latin-ext.woff2": "public-sans/files/public-sans-latin-ext-wght-normal.woff2",
  "fonts/noto-sans-arabic.woff2": "noto-sans-arabic/files/noto-sans-arabic-arabic-wght-normal.woff2",
};

const fingerprint = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 12);

function copyFonts() {
  mkdirSync(join(out, "fonts"), { recursive: true });
  for (const [name, source] of Object.entries(fonts)) {
    copyFileSync(join(here, "node_modules", "@fontsource-variable", source), join(out, name));
  }
}

// A font is fetched once and kept for a year, so its address in the style sheet carries its fingerprint too.
function stampFonts(css) {
  return css.replace(/url\((["']?)(fonts\/[^"')?]+)\1\)/g, (_, quote, name) =>
    `url(${name}?v=${fingerprint(readFileSync(join(out, name)))})`);
}

async function writeStyles() {
  const { css } = sass.compile(join(here, "src", "theme.scss"), {
    importers: [new sass.NodePackageImporter(here)],
    loadPaths: [join(here, "src")],
    quietDeps: true,
    charset: false,
  });
  for (const [name, text] of [["app.css", css], ["app.rtl.css", rtlcss.process(css)]]) {
    const { code } = await esbuild.transform(text, { loader: "css", minify: true, target: browsers, charset: "utf8" });
    writeFileSync(join(out, name), stampFonts(code));
  }
}

async function writeScript() {
  await esbuild.build({
    entryPoints: [join(here, "src", "app.js")],
    bundle: true,
    minify: true,
    format: "esm",
    target: browsers,
    legalComments: "none",
    outfile: join(out, "app.js"),
  });
}

function writeManifest() {
  const names = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(out, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"))
    .sort();
  const manifest = {};
  for (const name of names) {
    const bytes = readFileSync(join(out, name));
    manifest[name] = fingerprint(bytes);
    console.log(`${name}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} compressed`);
  }
  writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
copyFonts();
copyFileSync(join(here, "src", "mark.svg"), join(out, "mark.svg"));
await writeStyles();
await writeScript();
writeManifest();
