picture("demo", () => {});
