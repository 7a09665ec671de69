// The same API on Go's net/http with golang-jwt, as its users write it.
// usage: peer_go PORT KEY.pem
package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/golang-jwt/jwt"
)

const issuer = "http://localhost:9011"
const audience = "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e"

func tokenOf(r *http.Request) string {
	if cookie, err := r.Cookie("app.at"); err == nil {
		return cookie.Value
	}
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

func hasRole(claims jwt.MapClaims) bool {
	roles, _ := claims["roles"].([]interface{})
	for _, role := range roles {
		if role == "customer" || role == "teller" {
			return true
		}
	}
	return false
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(body))
}

func main() {
	pem, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	key, err := jwt.ParseRSAPublicKeyFromPEM(pem)
	if err != nil {
		panic(err)
	}
	parser := jwt.Parser{ValidMethods: []string{"RS256"}}
	keyOf := func(*jwt.Token) (interface{}, error) { return key, nil }
	judge := func(text string) error {
		claims := jwt.MapClaims{}
		if _, err := parser.ParseWithClaims(text, claims, keyOf); err != nil {
			return err
		}
		if !claims.VerifyIssuer(issuer, true) || !claims.VerifyAudience(audience, true) || !hasRole(claims) {
			return errors.New("claims")
		}
		return nil
	}

	http.HandleFunc("/livez", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, `{"status":"alive"}`)
	})
	http.HandleFunc("/make-change", func(w http.ResponseWriter, r *http.Request) {
		if err := judge(tokenOf(r)); err != nil {
			answer(w, 401, `{"error":"invalid token"}`)
			return
		}
		total := r.URL.Query().Get("total")
		dollars, _ := strconv.ParseFloat(total, 64)
		cents := int(dollars*100 + 0.5)
		answer(w, 200, fmt.Sprintf(`{"total":%s,"nickels":%d,"pennies":%d}`, total, cents/5, cents%5))
	})
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
