// Command eks reads the input of `aws eks associate-identity-provider-config --cli-input-json` from standard input and
// prints the request that AWS's own client makes of it. Nothing is sent. A name that the API doesn't know is an error,
// and so is what the client itself refuses.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var input eks.AssociateIdentityProviderConfigInput
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&input); err != nil {
		return err
	}
	sent := &wire{}
	client := eks.New(eks.Options{
		Region:           "eu-central-1",
		Credentials:      aws.AnonymousCredentials{},
		HTTPClient:       sent,
		RetryMaxAttempts: 1,
	})
	// The answer is an error either way, since nobody answers.
	if _, err := client.AssociateIdentityProviderConfig(context.Background(), &input); !sent.done {
		return err
	}
	return nil
}

// wire prints the request in place of sending it.
type wire struct{ done bool }

func (w *wire) Do(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	w.done = true
	fmt.Printf("%s %s\n%s\n", request.Method, request.URL.Path, body)
	return nil, errors.New("not sent")
}
