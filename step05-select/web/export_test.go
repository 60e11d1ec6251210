package web

// ReadFrame is for the tests outside.
var ReadFrame = readFrame
