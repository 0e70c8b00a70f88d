Features that come with phx: the list, one as declared, one for programs, and one that is none.
-- args --
features
features feature.nfs-client qemu-guest-agent
features --json nfs-client
features dokcer
-- stdout --
base-setup           common packages, locale, time zone, automatic security updates
docker               Docker Engine, compose and buildx
nfs-client           the client side of NFS
nvidia               NVIDIA's driver: its user-space part in containers
ollama               language models behind an HTTP API, Ollama
python-api-service   a Python web application under uvicorn
qemu-guest-agent     the guest agent of virtual machines
step-ca              a certificate authority with ACME, step-ca
step-cli             smallstep's command line, step
traefik              reverse proxy with certificates by ACME, Traefik
trusted-ca           trust a certificate authority of one's own
vllm                 a language model behind an OpenAI-compatible API, vLLM

`phx features NAME` shows a feature's parameters.
# ETC/features/nfs-client.phx
# What mounting NFS shares needs. Shares themselves are `nfs` blocks of a guest.
feature nfs-client {
  description = "the client side of NFS"
  script      = "nfs-client.sh"
  check       = "command -v mount.nfs"
  timeout     = 10m
  param idmap_domain: string = null  # names of owners are sent within this domain (NFSv4)
}

# ETC/features/qemu-guest-agent.phx
# The agent through which Proxmox, and phx, talk to a virtual machine.
feature qemu-guest-agent {
  description = "the guest agent of virtual machines"
  script      = "qemu-guest-agent.sh"
  check       = "command -v qemu-ga"
  timeout     = 10m
}
[
  {
    "name": "nfs-client",
    "description": "the client side of NFS",
    "script": "ETC/features/nfs-client.sh",
    "check": "command -v mount.nfs",
    "timeout": "10m",
    "needs": null,
    "one_of": null,
    "params": [
      {
        "name": "idmap_domain",
        "type": "string",
        "required": false,
        "default": null
      }
    ]
  }
]
-- stderr --
phx: no feature `dokcer` comes with phx: looked for in ETC/features
  hint: did you mean `docker`?
-- exit --
0
0
0
64
