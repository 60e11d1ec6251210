package client

// Limited reports whether the client has an object for its limit.
func (c *Client) Limited() bool { return c.limit != nil }

// Turn is how many lines are heard at once.
const Turn = turn
