// Command talos does what `talosctl gen config` and `talosctl machineconfig patch` do, by the packages that they are
// made of: it generates the configuration of a control-plane node as a version of Talos would, applies patches, reads
// the outcome back, validates it and prints it. A key that Talos doesn't know is an error.
//
//	talos VERSION [PATCH-FILE...]
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
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(version string, files []string) error {
	contract, err := config.ParseContractFromVersion(version)
	if err != nil {
		return err
	}
	input, err := generate.NewInput("homelab", "https://192.0.2.10:6443", "1.34.4",
		generate.WithVersionContract(contract), generate.WithInstallDisk("/dev/sda"))
	if err != nil {
		return err
	}
	generated, err := input.Config(machine.TypeControlPlane)
	if err != nil {
		return err
	}
	var names []string
	for _, file := range files {
		names = append(names, "@"+file)
	}
	patches, err := configpatcher.LoadPatches(names)
	if err != nil {
		return err
	}
	output, err := configpatcher.Apply(configpatcher.WithConfig(generated), patches)
	if err != nil {
		return err
	}
	patched, err := output.Config()
	if err != nil {
		return err
	}
	text, err := patched.EncodeBytes(encoder.WithComments(encoder.CommentsDisabled))
	if err != nil {
		return err
	}
	read, err := configloader.NewFromBytes(text)
	if err != nil {
		return err
	}
	warnings, err := read.Validate(metal{})
	for _, warning := range warnings {
		fmt.Fprintln(os.Stderr, "warning:", warning)
	}
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}

// metal is a machine of one's own, as opposed to a container.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }
