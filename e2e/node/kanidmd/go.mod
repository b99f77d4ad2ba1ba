module kaniflux.invalid/kanidmd
go 1.24
