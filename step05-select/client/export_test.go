package client

// Limited reports whether the client has an object for its limit.
func (c *Client) Limited() bool { return c.limit != nil }
