{{/* What a DaemonSet may not change later. */}}
{{- define "thinpool-exporter.selector" -}}
app.kubernetes.io/name: thinpool-exporter
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "thinpool-exporter.labels" -}}
{{ include "thinpool-exporter.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* The options file. */}}
{{- define "thinpool-exporter.options" -}}
{{- $options := deepCopy .Values.options -}}
{{- with .Values.findings }}{{ $_ := set $options "findings" . }}{{ end -}}
{{- toYaml $options -}}
{{- end }}

{{/* A file of the chart; a chart that was copied without it must not install an empty object. */}}
{{- define "thinpool-exporter.file" -}}
{{- required (printf "the chart lacks %s" .path) (.files.Get .path) -}}
{{- end }}
