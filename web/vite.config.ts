import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// One file without a hash in its name: other people's pages load it by this address.
export default defineConfig({
  plugins: [react()],
  base: "./",
  build: {
    outDir: process.env.PROSA_WEB_OUT ?? "../src/prosa/server/static",
    emptyOutDir: true,
    target: "es2023",
    cssTarget: ["chrome123", "firefox128", "safari17.5"], // light-dark() and nesting as they stand
    modulePreload: false,
    rolldownOptions: {
      input: "src/main.ts",
      output: { entryFileNames: "prosa-chat.js", codeSplitting: false },
    },
  },
  test: { environment: "jsdom", include: ["tests/**/*.test.{ts,tsx}"], restoreMocks: true },
});
