import { picture, ask } from "./play.js";

picture("parser", async (stage) => {
  await ask("/live/parser", { bytes: "" });
  stage.say("");
});
