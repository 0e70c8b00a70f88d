#pragma once

/* A role that Proxmox brings; privileges NULL = all. */
struct phx_sim_role {
	const char *name, *privileges;
};
extern const struct phx_sim_role phx_sim_roles[]; /* ends with name == NULL */

#define PHX_SIM_ALL_PRIVILEGES                                                                               \
	"Datastore.Allocate,Datastore.AllocateSpace,Datastore.AllocateTemplate,Datastore.Audit,Group."       \
	"Allocate,Mapping.Audit,"                                                                            \
	"Mapping.Modify,Mapping.Use,Permissions.Modify,Pool.Allocate,Pool.Audit,Realm.Allocate,Realm."       \
	"AllocateUser,SDN.Allocate,"                                                                         \
	"SDN.Audit,SDN.Use,Sys.AccessNetwork,Sys.Audit,Sys.Console,Sys.Incoming,Sys.Modify,Sys.PowerMgmt,"   \
	"Sys.Syslog,User.Modify,"                                                                            \
	"VM.Allocate,VM.Audit,VM.Backup,VM.Clone,VM.Config.CDROM,VM.Config.CPU,VM.Config.Cloudinit,VM."      \
	"Config.Disk,VM.Config.HWType,"                                                                      \
	"VM.Config.Memory,VM.Config.Network,VM.Config.Options,VM.Console,VM.Migrate,VM.Monitor,VM."          \
	"PowerMgmt,VM.Snapshot,"                                                                             \
	"VM.Snapshot.Rollback"
