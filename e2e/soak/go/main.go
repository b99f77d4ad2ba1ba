// Command soak answers one line of JSON on standard output for each line on standard input.
//
//	soak authorizer  {"objects": [RBAC objects], "questions": [{"who", "request"}]} -> [true, false, …]
//	soak read        "YAML text" -> [what sigs.k8s.io/yaml reads, what go.yaml.in/yaml/v3 reads]
//	soak write       any value -> ["YAML of sigs.k8s.io/yaml" unless it refuses, "YAML of go.yaml.in/yaml/v3"]
//
// A line that cannot be answered gets {"error": "reason"}.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	yamlv3 "go.yaml.in/yaml/v3"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
	"sigs.k8s.io/yaml"
)

func main() {
	answer := map[string]func([]byte) (any, error){"authorizer": authorize, "read": read, "write": write}[os.Args[1]]
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		result, err := answer(line)
		if err != nil {
			result = map[string]string{"error": err.Error()}
		}
		if err := out.Encode(result); err != nil {
			_ = out.Encode(map[string]string{"error": err.Error()})
		}
	}
}

type request struct {
	Verb, Group, Resource, Subresource, Name, Namespace, Path string
}

func authorize(line []byte) (any, error) {
	var input struct {
		Objects   []json.RawMessage
		Questions []struct {
			Who struct {
				User   string
				Groups []string
			}
			Request request
		}
	}
	if err := json.Unmarshal(line, &input); err != nil {
		return nil, err
	}
	var roles []*rbacv1.Role
	var roleBindings []*rbacv1.RoleBinding
	var clusterRoles []*rbacv1.ClusterRole
	var clusterRoleBindings []*rbacv1.ClusterRoleBinding
	for _, raw := range input.Objects {
		var meta struct{ Kind string }
		if err := json.Unmarshal(raw, &meta); err != nil {
			return nil, err
		}
		var err error
		switch meta.Kind {
		case "Role":
			roles, err = appended(roles, raw)
		case "RoleBinding":
			roleBindings, err = appended(roleBindings, raw)
		case "ClusterRole":
			clusterRoles, err = appended(clusterRoles, raw)
		case "ClusterRoleBinding":
			clusterRoleBindings, err = appended(clusterRoleBindings, raw)
		default:
			err = fmt.Errorf("unknown kind %q", meta.Kind)
		}
		if err != nil {
			return nil, err
		}
	}
	_, all := validation.NewTestRuleResolver(roles, roleBindings, clusterRoles, clusterRoleBindings)
	real := rbac.New(all, all, all, all)
	answers := make([]bool, len(input.Questions))
	for i, question := range input.Questions {
		asked := question.Request
		decision, _, _ := real.Authorize(context.Background(), authorizer.AttributesRecord{
			User:            &user.DefaultInfo{Name: question.Who.User, Groups: question.Who.Groups},
			Verb:            asked.Verb,
			APIGroup:        asked.Group,
			Resource:        asked.Resource,
			Subresource:     asked.Subresource,
			Name:            asked.Name,
			Namespace:       asked.Namespace,
			Path:            asked.Path,
			ResourceRequest: asked.Path == "",
		})
		answers[i] = decision == authorizer.DecisionAllow
	}
	return answers, nil
}

func appended[T any](list []*T, raw []byte) ([]*T, error) {
	object := new(T)
	err := json.Unmarshal(raw, object)
	return append(list, object), err
}

func read(line []byte) (any, error) {
	var text string
	if err := json.Unmarshal(line, &text); err != nil {
		return nil, err
	}
	var kubernetes, v3 any
	if err := yaml.Unmarshal([]byte(text), &kubernetes); err != nil {
		return nil, err
	}
	if err := yamlv3.Unmarshal([]byte(text), &v3); err != nil {
		return nil, err
	}
	return []any{kubernetes, v3}, nil
}

func write(line []byte) (any, error) {
	var value any
	if err := json.Unmarshal(line, &value); err != nil {
		return nil, err
	}
	v3, err := yamlv3.Marshal(value)
	texts := []string{string(v3)}
	// It reads JSON as YAML, which has fewer control characters.
	if kubernetes, err := yaml.Marshal(value); err == nil {
		texts = append(texts, string(kubernetes))
	}
	return texts, err
}
