// Command talos does what `talosctl gen config` and `talosctl machineconfig patch` do, by the packages that they are
// made of. `generate` prints the configuration of a control-plane node as a version of Talos would make it. `patch` applies
// patches to one, reads the outcome back, validates it and prints it; a key that Talos doesn't know is an error.
//
//	talos generate VERSION
//	talos patch CONFIG-FILE [PATCH-FILE...]
package main

import (
	"fmt"
	"os"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
)

func main() {
	text, err := run(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if _, err := os.Stdout.Write(text); err != nil {
		os.Exit(1)
	}
}

func run(command, argument string, files []string) ([]byte, error) {
	if command == "generate" {
		return generated(argument)
	}
	return patched(argument, files)
}

func generated(version string) ([]byte, error) {
	contract, err := config.ParseContractFromVersion(version)
	if err != nil {
		return nil, err
	}
	input, err := generate.NewInput("homelab", "https://192.0.2.10:6443", "1.34.4",
		generate.WithVersionContract(contract), generate.WithInstallDisk("/dev/sda"))
	if err != nil {
		return nil, err
	}
	provider, err := input.Config(machine.TypeControlPlane)
	if err != nil {
		return nil, err
	}
	return provider.EncodeBytes(encoder.WithComments(encoder.CommentsDisabled))
}

func patched(base string, files []string) ([]byte, error) {
	var names []string
	for _, file := range files {
		names = append(names, "@"+file)
	}
	patches, err := configpatcher.LoadPatches(names)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(base)
	if err != nil {
		return nil, err
	}
	output, err := configpatcher.Apply(configpatcher.WithBytes(text), patches)
	if err != nil {
		return nil, err
	}
	text, err = output.Bytes()
	if err != nil {
		return nil, err
	}
	provider, err := configloader.NewFromBytes(text)
	if err != nil {
		return nil, err
	}
	warnings, err := provider.Validate(metal{})
	for _, warning := range warnings {
		fmt.Fprintln(os.Stderr, "warning:", warning)
	}
	return text, err
}

// metal is a machine of one's own, as opposed to a container.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }
