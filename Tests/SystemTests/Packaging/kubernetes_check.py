#!/usr/bin/env python3
"""Checks manifests against Kubernetes' own schemas, and what no schema says: that names lead somewhere.

    kubernetes_check.py FILE...          prints the scaler's query; ends with 1 and one problem a line otherwise

KEDA's kinds are in no schema that is packaged: of them the keys are checked that its custom resource definitions (2.x) require,
and that the trigger is one for PostgreSQL with texts for values, as its `metadata` must be.
"""
import json
import sys

import kubernetes_validate
import yaml

VERSION = "1.33"
KEDA = {
    "ScaledObject": {"scaleTargetRef", "minReplicaCount", "maxReplicaCount", "pollingInterval", "cooldownPeriod", "advanced", "triggers"},
    "TriggerAuthentication": {"secretTargetRef"},
}


def pods(document):
    return [document["spec"]["template"]] if document["kind"] == "Deployment" else []


def check_keda(document, names, problems, secrets):
    kind = document["kind"]
    unknown = set(document["spec"]) - KEDA.get(kind, set())
    if kind not in KEDA or unknown:
        problems.append(f"{kind}: unknown to this check: {sorted(unknown)}")
    for reference in document["spec"].get("secretTargetRef", []):
        secrets.add((reference["name"], reference["key"]))
    if kind != "ScaledObject":
        return
    target = document["spec"]["scaleTargetRef"]["name"]
    if ("Deployment", target) not in names:
        problems.append(f"ScaledObject: there is no Deployment {target}")
    for trigger in document["spec"]["triggers"]:
        if trigger["type"] != "postgresql" or ("TriggerAuthentication", trigger["authenticationRef"]["name"]) not in names:
            problems.append(f"ScaledObject: the trigger {trigger} is not one for PostgreSQL with an authentication of this file")
        for key, value in trigger["metadata"].items():
            if not isinstance(value, str) or key not in {"query", "targetQueryValue", "activationTargetQueryValue"}:
                problems.append(f"ScaledObject: metadata.{key} must be a text that the scaler knows")
        print(trigger["metadata"]["query"])


def check_pod(document, template, names, problems, secrets):
    name = document["metadata"]["name"]
    labels, wanted = template["metadata"]["labels"], document["spec"]["selector"]["matchLabels"]
    if labels != {**labels, **wanted}:
        problems.append(f"{name}: the selector does not fit the pods")
    volumes = {volume["name"]: volume for volume in template["spec"]["volumes"]}
    for volume in volumes.values():
        if "configMap" in volume and ("ConfigMap", volume["configMap"]["name"]) not in names:
            problems.append(f"{name}: there is no ConfigMap {volume['configMap']['name']}")
    for container in template["spec"]["containers"]:
        for mount in container["volumeMounts"]:
            if mount["name"] not in volumes:
                problems.append(f"{name}: there is no volume {mount['name']}")
        for variable in container["env"]:
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference:
                secrets.add((reference["name"], reference["key"]))
            elif any(word in variable["name"] for word in ("TOKEN", "PASSWORD", "URL", "SECRET")):
                problems.append(f"{name}: {variable['name']} is a secret and must be a reference")
        for probe in (container[key] for key in container if key.endswith("Probe")):
            if "httpGet" in probe:
                print(f"probe {probe['httpGet']['path']}", file=sys.stderr)


def main():
    documents = [document for path in sys.argv[1:] for document in yaml.safe_load_all(open(path, encoding="utf-8"))]
    names = {(document["kind"], document["metadata"]["name"]) for document in documents}
    problems, secrets = [], set()
    for document in documents:
        if document["apiVersion"].startswith("keda.sh/"):
            check_keda(document, names, problems, secrets)
            continue
        try:
            kubernetes_validate.validate(document, VERSION, strict=True)
        except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
            problems.append(f"{document['kind']} {document['metadata']['name']}: {error}")
        for template in pods(document):
            check_pod(document, template, names, problems, secrets)
        if document["kind"] == "ConfigMap":
            json.loads(document["data"]["weir.json"])
    if {name for name, _ in secrets} != {"weir"} or {key for _, key in secrets} - {"database-url", "token"}:
        problems.append(f"the secrets are not those that the head of weir.yaml makes: {sorted(secrets)}")
    print("\n".join(problems), file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
