package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// authorization is what a code stands for until it is redeemed.
type authorization struct {
	client, person, redirect, challenge, nonce string
	scopes                                     []string
	at                                         time.Time
}

var encoding = base64.RawURLEncoding

func random() string {
	bytes := make([]byte, 24)
	rand.Read(bytes)
	return encoding.EncodeToString(bytes)
}

func (s *server) openID(w http.ResponseWriter, r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	w.Header().Set("X-KANIDM-VERSION", "1.11.1")
	client, document, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/oauth2/openid/"), "/")
	switch {
	case r.URL.Path == "/ui/oauth2":
		s.authorize(w, r)
	case r.URL.Path == "/oauth2/token":
		s.token(w, r)
	case s.client(client) == nil:
		http.NotFound(w, r)
	case document == ".well-known/openid-configuration":
		answer(w, http.StatusOK, s.discovery(client))
	case document == "public_key.jwk":
		answer(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{
			"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": s.keyID(),
			"x": encoding.EncodeToString(s.key.X.FillBytes(make([]byte, 32))),
			"y": encoding.EncodeToString(s.key.Y.FillBytes(make([]byte, 32))),
		}}})
	default:
		http.NotFound(w, r)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func (s *server) keyID() string {
	sum := sha256.Sum256(s.db.Key)
	return encoding.EncodeToString(sum[:6])
}

func (s *server) client(name string) Entry {
	entry := s.db.Entries[s.db.find(name)]
	if slices.Contains(texts(entry["class"]), "oauth2_resource_server") {
		return entry
	}
	return nil
}

func (s *server) issuer(client string) string { return s.config.Origin + "/oauth2/openid/" + client }

func (s *server) discovery(client string) any {
	return map[string]any{
		"issuer":                                s.issuer(client),
		"authorization_endpoint":                s.config.Origin + "/ui/oauth2",
		"token_endpoint":                        s.config.Origin + "/oauth2/token",
		"jwks_uri":                              s.issuer(client) + "/public_key.jwk",
		"response_types_supported":              []string{"code"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
		"code_challenge_methods_supported":      []string{"S256"},
		"scopes_supported":                      s.scopes(client),
	}
}

// scopes gives every scope of a client's scope map.
func (s *server) scopes(client string) []string {
	var scopes []string
	maps, _ := s.client(client)["oauth2_rs_scope_map"].([]any)
	for _, one := range maps {
		row, _ := one.(map[string]any)
		scopes = append(scopes, texts(row["scopes"])...)
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// authorize shows a form that takes a name: the stand-in has no credentials.
func (s *server) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	client := s.client(query.Get("client_id"))
	redirects := append(texts(client["oauth2_rs_origin"]), fmt.Sprint(client["oauth2_rs_origin_landing"]))
	if client == nil || !slices.Contains(redirects, query.Get("redirect_uri")) || query.Get("code_challenge_method") != "S256" {
		http.Error(w, "InvalidState", http.StatusBadRequest)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<form method="post" action="%s"><input name="username"><button>Sign in</button></form>`, html.EscapeString(r.URL.String()))
		return
	}
	person := s.db.find(r.PostFormValue("username"))
	scopes := strings.Fields(query.Get("scope"))
	if person == "" || !s.allows(client, person, scopes) {
		http.Error(w, "Access Denied", http.StatusForbidden)
		return
	}
	code := random()
	s.codes[code] = authorization{
		client: query.Get("client_id"), person: person, redirect: query.Get("redirect_uri"),
		challenge: query.Get("code_challenge"), nonce: query.Get("nonce"), scopes: scopes, at: time.Now(),
	}
	target, _ := url.Parse(query.Get("redirect_uri"))
	values := target.Query()
	values.Set("code", code)
	values.Set("state", query.Get("state"))
	target.RawQuery = values.Encode()
	http.Redirect(w, r, target.String(), http.StatusSeeOther)
}

// allows tells whether the scope map gives an entry all of some scopes.
func (s *server) allows(client Entry, person string, scopes []string) bool {
	groups := s.db.groupsOf(person)
	given := map[string]bool{}
	maps, _ := client["oauth2_rs_scope_map"].([]any)
	for _, one := range maps {
		row, _ := one.(map[string]any)
		group, _ := row["groupUuid"].(string) // the form that takes a UUID; `group` takes a name as well
		if name, ok := row["group"].(string); ok {
			group = s.db.find(name)
		}
		if slices.Contains(groups, group) {
			for _, scope := range texts(row["scopes"]) {
				given[scope] = true
			}
		}
	}
	return len(scopes) > 0 && !slices.ContainsFunc(scopes, func(scope string) bool { return !given[scope] })
}

func (s *server) token(w http.ResponseWriter, r *http.Request) {
	code := s.codes[r.PostFormValue("code")]
	delete(s.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if code.client == "" || code.redirect != r.PostFormValue("redirect_uri") || code.challenge != encoding.EncodeToString(sum[:]) {
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"access_token": random(), "token_type": "Bearer", "expires_in": 900, "id_token": s.idToken(code),
	})
}

func (s *server) idToken(code authorization) string {
	person, now := s.db.Entries[code.person], time.Now().Unix()
	claims := map[string]any{
		"iss": s.issuer(code.client), "sub": code.person, "aud": code.client, "azp": code.client,
		"iat": now, "nbf": now, "exp": now + 900, "nonce": code.nonce, "scopes": code.scopes,
		"name": person["displayname"], "preferred_username": fmt.Sprint(person["name"]) + "@" + s.config.Domain,
	}
	if slices.Contains(code.scopes, "groups") {
		var groups []string
		for _, id := range s.db.groupsOf(code.person) {
			groups = append(groups, id, fmt.Sprint(s.db.Entries[id]["name"])+"@"+s.config.Domain)
		}
		claims["groups"] = groups
	}
	header := map[string]string{"alg": "ES256", "typ": "JWT", "kid": s.keyID()}
	signed := part(header) + "." + part(claims)
	digest := sha256.Sum256([]byte(signed))
	r, t, _ := ecdsa.Sign(rand.Reader, s.key, digest[:])
	signature := append(r.FillBytes(make([]byte, 32)), t.FillBytes(make([]byte, 32))...)
	return signed + "." + encoding.EncodeToString(signature)
}

func part(value any) string {
	text, _ := json.Marshal(value)
	return encoding.EncodeToString(text)
}
