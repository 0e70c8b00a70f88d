/* Proxmox's own roles (recording 713), and those that the seed or a client made. */
#include <string.h>

#include "backend/sim/auth.h"
#include "backend/sim/roles.h"

const struct phx_sim_role phx_sim_roles[] = {
	{"Administrator", NULL},
	{"NoAccess", ""},
	{"PVEAdmin", "Datastore.Allocate,Datastore.AllocateSpace,Datastore.AllocateTemplate,Datastore.Audit,"
		     "Group.Allocate,Mapping.Audit,"
		     "Mapping.Use,Pool.Allocate,Pool.Audit,Realm.AllocateUser,SDN.Allocate,SDN.Audit,SDN.Use,"
		     "Sys.Audit,Sys.Console,"
		     "Sys.Syslog,User.Modify,VM.Allocate,VM.Audit,VM.Backup,VM.Clone,VM.Config.CDROM,VM."
		     "Config.CPU,VM.Config.Cloudinit,"
		     "VM.Config.Disk,VM.Config.HWType,VM.Config.Memory,VM.Config.Network,VM.Config.Options,"
		     "VM.Console,VM.Migrate,"
		     "VM.Monitor,VM.PowerMgmt,VM.Snapshot,VM.Snapshot.Rollback"},
	{"PVEAuditor", "Datastore.Audit,Mapping.Audit,Pool.Audit,SDN.Audit,Sys.Audit,VM.Audit"},
	{"PVEDatastoreAdmin",
	 "Datastore.Allocate,Datastore.AllocateSpace,Datastore.AllocateTemplate,Datastore.Audit"},
	{"PVEDatastoreUser", "Datastore.AllocateSpace,Datastore.Audit"},
	{"PVEMappingAdmin", "Mapping.Audit,Mapping.Modify,Mapping.Use"},
	{"PVEMappingUser", "Mapping.Audit,Mapping.Use"},
	{"PVEPoolAdmin", "Pool.Allocate,Pool.Audit"},
	{"PVEPoolUser", "Pool.Audit"},
	{"PVESDNAdmin", "SDN.Allocate,SDN.Audit,SDN.Use"},
	{"PVESDNUser", "SDN.Audit,SDN.Use"},
	{"PVESysAdmin", "Sys.Audit,Sys.Console,Sys.Syslog"},
	{"PVETemplateUser", "VM.Audit,VM.Clone"},
	{"PVEUserAdmin", "Group.Allocate,Realm.AllocateUser,User.Modify"},
	{"PVEVMAdmin", "VM.Allocate,VM.Audit,VM.Backup,VM.Clone,VM.Config.CDROM,VM.Config.CPU,VM.Config."
		       "Cloudinit,VM.Config.Disk,"
		       "VM.Config.HWType,VM.Config.Memory,VM.Config.Network,VM.Config.Options,VM.Console,VM."
		       "Migrate,VM.Monitor,"
		       "VM.PowerMgmt,VM.Snapshot,VM.Snapshot.Rollback"},
	{"PVEVMUser", "VM.Audit,VM.Backup,VM.Config.CDROM,VM.Config.Cloudinit,VM.Console,VM.PowerMgmt"},
	{NULL, NULL}};

const char *phx_sim_role_privileges(struct phx_sim *s, const char *role)
{
	json_t *own = phx_sim_get(s, "role", role);

	if (own != NULL)
		return phx_sim_so(own, "privs", "");
	for (size_t i = 0; phx_sim_roles[i].name != NULL; i++)
		if (strcmp(phx_sim_roles[i].name, role) == 0)
			return phx_sim_roles[i].privileges != NULL ? phx_sim_roles[i].privileges
								   : PHX_SIM_ALL_PRIVILEGES;
	return NULL;
}
