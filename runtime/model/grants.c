#include "model/access.h"

/* The smallest built-in role that has a privilege (GET /access/roles, recording 713). Prefixes, first match. */
static const struct {
	const char *privilege, *role;
} roles[] = {
	{"VM.Audit", "PVEAuditor"},
	{"VM.Clone", "PVETemplateUser"},
	{"VM.PowerMgmt", "PVEVMUser"},
	{"VM.Config.CDROM", "PVEVMUser"},
	{"VM.Config.Cloudinit", "PVEVMUser"},
	{"VM.Console", "PVEVMUser"},
	{"VM.Backup", "PVEVMUser"},
	{"VM.", "PVEVMAdmin"},
	{"Datastore.Audit", "PVEAuditor"},
	{"Datastore.AllocateSpace", "PVEDatastoreUser"},
	{"Datastore.", "PVEDatastoreAdmin"},
	{"Pool.Audit", "PVEPoolUser"},
	{"Pool.", "PVEPoolAdmin"},
	{"SDN.Audit", "PVEAuditor"},
	{"SDN.Use", "PVESDNUser"},
	{"SDN.", "PVESDNAdmin"},
	{"Mapping.Audit", "PVEAuditor"},
	{"Mapping.Use", "PVEMappingUser"},
	{"Mapping.", "PVEMappingAdmin"},
	{"Sys.Audit", "PVEAuditor"},
	{"Sys.Console", "PVESysAdmin"},
	{"Sys.Syslog", "PVESysAdmin"},
	{"Realm.AllocateUser", "PVEUserAdmin"},
	{"User.Modify", "PVEUserAdmin"},
	{"Group.Allocate", "PVEUserAdmin"},
};

const char *phx_grant_role(struct phx_str privilege)
{
	for (size_t i = 0; i < PHX_COUNTOF(roles); i++) {
		if (phx_str_starts(privilege, roles[i].privilege))
			return roles[i].role;
	}
	return "Administrator"; /* Sys.Modify, Sys.PowerMgmt, Permissions.Modify, …: no smaller role has them */
}

void phx_grant_hint(struct phx_buf *out, struct phx_str path, struct phx_str privilege,
		    struct phx_str identity)
{
	bool token = phx_str_chr(identity, '!') >= 0;
	struct phx_str first = privilege;

	if (phx_str_chr(privilege, '|') > 0)
		first = phx_str_slice(privilege, 0, (size_t)phx_str_chr(privilege, '|'));
	phx_buf_printf(out,
		       "grant it on a node with: pveum acl modify " PHX_STR_FMT " --%s '" PHX_STR_FMT
		       "' --roles %s",
		       PHX_STR_ARG(path), token ? "tokens" : "users",
		       PHX_STR_ARG(identity.len ? identity : PHX_STR("USER@REALM")), phx_grant_role(first));
	if (token)
		phx_buf_printf(
			out,
			" (a token with privilege separation needs it, and so does its user " PHX_STR_FMT ")",
			PHX_STR_ARG(phx_str_slice(identity, 0, (size_t)phx_str_chr(identity, '!'))));
}
