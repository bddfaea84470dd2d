/* What a chosen photograph says of itself, from its first bytes: for advice before anything is sent.

   readFacts(file) -> {kind: "image/jpeg" | "image/png" | "image/heic" | "", width?, height?, taken?: "YYYY-MM-DD"}
   digest(file)    -> SHA-256 in hex, or "" where the browser has none (pages without TLS)
   Nothing is decoded, and whatever the bytes are, nothing is thrown: what cannot be read is left out. */

const HEAD = 256 * 1024;
const HEIC = new Set(["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"]);
const [EXIF_POINTER, DATE_ORIGINAL] = [0x8769, 0x9003];

export async function readFacts(file) {
  try {
    const view = new DataView(await file.slice(0, HEAD).arrayBuffer());
    if (view.byteLength > 24 && view.getUint32(0) === 0x89504e47) {
      return { kind: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
    }
    if (view.byteLength > 12 && letters(view, 4, 4) === "ftyp") {
      return { kind: HEIC.has(letters(view, 8, 4)) ? "image/heic" : "" };
    }
    if (view.byteLength > 3 && view.getUint16(0) === 0xffd8 && view.getUint8(2) === 0xff) return jpeg(view);
  } catch {
    // A file that cannot be read here is the server's to judge.
  }
  return { kind: "" };
}

export async function digest(file) {
  if (!globalThis.crypto || !crypto.subtle) return "";
  try {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return "";
  }
}

function jpeg(view) {
  const facts = { kind: "image/jpeg" };
  try {
    for (let at = 2; at + 4 < view.byteLength && view.getUint8(at) === 0xff;) {
      const marker = view.getUint8(at + 1);
      const length = view.getUint16(at + 2);
      if (marker === 0xe1 && letters(view, at + 4, 4) === "Exif") facts.taken = taken(view, at + 10) || facts.taken;
      if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
        facts.height = view.getUint16(at + 5);
        facts.width = view.getUint16(at + 7);
        break;
      }
      at += 2 + length;
    }
  } catch {
    // What was found before the bytes ended stands.
  }
  return facts;
}

function taken(view, base) {
  try {
    const little = view.getUint16(base) === 0x4949;
    const find = (directory, tag) => {
      const count = view.getUint16(directory, little);
      for (let n = 0; n < Math.min(count, 200); n += 1) {
        const entry = directory + 2 + 12 * n;
        if (view.getUint16(entry, little) === tag) return view.getUint32(entry + 8, little);
      }
      return 0;
    };
    const exif = find(base + view.getUint32(base + 4, little), EXIF_POINTER);
    const date = exif && find(base + exif, DATE_ORIGINAL);
    const found = date && /^(\d{4}):(\d\d):(\d\d)/.exec(letters(view, base + date, 10));
    return found ? `${found[1]}-${found[2]}-${found[3]}` : "";
  } catch {
    return "";
  }
}

function letters(view, at, length) {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
}
