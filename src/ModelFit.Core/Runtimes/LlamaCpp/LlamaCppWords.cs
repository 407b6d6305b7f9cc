using System;
using System.Collections.Generic;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// llama.cpp's words that are known not to matter to what a start allocates (common/arg.cpp): logs, threads, sampling,
/// templates, the server's routes. Caches that grow in system memory while requests run are among them.
/// </summary>
internal static class LlamaCppWords
{
    private const string Alone =
        "--agent --cache-idle-slots --cache-list --cache-prompt --check --check-tensors --completion-bash "
        + "--cont-batching --context-shift --conversation --cors-credentials --dflash --diffusion-visual "
        + "--display-prompt --eagle3 --escape --hellaswag --help --ids --ignore-eos --in-prefix-bos "
        + "--interactive --interactive-first --jinja --kl-divergence --list-devices --log-disable "
        + "--log-jsonl --log-prefix --log-timestamps --log-verbose --lora-init-without-apply --metrics "
        + "--models-autoload --mtp --multiline-input --multiple-choice --no-agent --no-bos "
        + "--no-cache-idle-slots --no-cache-prompt --no-cont-batching --no-context-shift --no-conversation "
        + "--no-cors-credentials --no-display-prompt --no-escape --no-jinja --no-log-jsonl --no-log-prefix "
        + "--no-log-timestamps --no-models-autoload --no-parse-special --no-perf --no-ppl "
        + "--no-prefill-assistant --no-reasoning-preserve --no-show-timings --no-skip-chat-parsing "
        + "--no-slots --no-spec-draft-backend-sampling --no-ui --no-ui-mcp-proxy --no-warmup --no-webui "
        + "--no-webui-mcp-proxy --offline --parse-special --perf --ppl --prefill-assistant --process-output "
        + "--prompt-cache-all --prompt-cache-ro --props --reasoning-preserve --reuse-port --save-logits "
        + "--show-count --show-statistics --show-timings --simple-io --single-turn --skip-chat-parsing "
        + "--slots --spec-draft-backend-sampling --special --spm-infill --stdin --ui --ui-mcp-proxy --usage "
        + "--verbose --verbose-prompt --version --warmup --webui --webui-mcp-proxy --winogrande -ag -cb -cl "
        + "-cnv -e -h -i -if -mli -no-ag -no-cnv -nocb -pps -sp -st -tgs -v --mlock";

    private const string WithValue =
        "--adaptive-decay --adaptive-target --alias --api-key --api-key-file --api-prefix --audio "
        + "--binary-file --cache-ram --cache-reuse --chat-template --chat-template-file "
        + "--chat-template-kwargs --checkpoint-min-step --chunk --chunk-separator --chunk-size --chunks "
        + "--cls-separator --color --context-file --control-vector-layer-range --cors-headers "
        + "--cors-methods --cors-origins --cpu-mask --cpu-mask-batch --cpu-mask-batch-draft "
        + "--cpu-mask-draft --cpu-range --cpu-range-batch --cpu-range-batch-draft --cpu-range-draft "
        + "--cpu-strict --cpu-strict-batch --cpu-strict-batch-draft --cpu-strict-draft --ctx-checkpoints "
        + "--defrag-thold --diffusion-add-gumbel-noise --diffusion-alg-temp --diffusion-algorithm "
        + "--diffusion-block-length --diffusion-cfg-scale --diffusion-eps --diffusion-steps --draft-min "
        + "--draft-n-min --draft-p-min --draft-p-split --dry-allowed-length --dry-base --dry-multiplier "
        + "--dry-penalty-last-n --dry-sequence-breaker --dynatemp-exp --dynatemp-range --embd-normalize "
        + "--embd-output-format --embd-separator --epochs --file --fit-print --frequency-penalty "
        + "--from-chunk --grammar --grammar-file --grp-attn-n --grp-attn-w --hellaswag-tasks --hf-token "
        + "--host --image --image-min-tokens --in-file --in-prefix --in-suffix --json-schema "
        + "--json-schema-file --junk --keep --kl-divergence-base --learning-rate "
        + "--learning-rate-decay-epochs --learning-rate-min --log-colors --log-file --log-prompts-dir "
        + "--log-verbosity --logit-bias --logits-output-dir --lookup-cache-dynamic --lookup-cache-static "
        + "--mcp-servers-config --mcp-servers-json --media-path --method --min-p --mirostat --mirostat-ent "
        + "--mirostat-lr --models-max --multiple-choice-tasks --n-predict --negative-file --numa "
        + "--optimizer --output --output-file --output-format --output-frequency --path --pca-batch "
        + "--pca-iter --poll --poll-batch --poll-batch-draft --poll-draft --port --pos --positive-file "
        + "--ppl-output-type --ppl-stride --predict --presence-penalty --print-token-count --prio "
        + "--prio-batch --prio-batch-draft --prio-draft --prompt --prompt-cache --reasoning "
        + "--reasoning-budget --reasoning-budget-message --reasoning-effort --reasoning-format "
        + "--repeat-last-n --repeat-penalty --reverse-prompt --rope-freq-base --rope-freq-scale "
        + "--rope-scale --rope-scaling --sampler-seq --samplers --sampling-seq --save-all-logits "
        + "--save-frequency --seed --sequences --server-base --sleep-idle-seconds --slot-prompt-similarity "
        + "--slot-save-path --spec-draft-cpu-mask --spec-draft-cpu-mask-batch --spec-draft-cpu-range "
        + "--spec-draft-cpu-range-batch --spec-draft-cpu-strict --spec-draft-cpu-strict-batch "
        + "--spec-draft-n-min --spec-draft-p-min --spec-draft-p-split --spec-draft-poll "
        + "--spec-draft-poll-batch --spec-draft-prio --spec-draft-prio-batch --spec-draft-threads "
        + "--spec-draft-threads-batch --spec-ngram-map-k-min-hits --spec-ngram-map-k-size-m "
        + "--spec-ngram-map-k-size-n --spec-ngram-map-k4v-min-hits --spec-ngram-map-k4v-size-m "
        + "--spec-ngram-map-k4v-size-n --spec-ngram-min-hits --spec-ngram-mod-n-match "
        + "--spec-ngram-mod-n-max --spec-ngram-mod-n-min --spec-ngram-simple-min-hits "
        + "--spec-ngram-simple-size-m --spec-ngram-simple-size-n --spec-ngram-size-m --spec-ngram-size-n "
        + "--spec-synth-len --spec-synth-rates --sse-ping-interval --ssl-cert-file --ssl-key-file "
        + "--swa-checkpoints --system-prompt --system-prompt-file --tags --temp --temperature "
        + "--tensor-filter --threads --threads-batch --threads-batch-draft --threads-draft --threads-http "
        + "--timeout --tools --tools-runtime --top-k --top-n-sigma --top-nsigma --top-p --tts-lang "
        + "--tts-speaker-file --typical --typical-p --ui-config --ui-config-file --val-split --verbosity "
        + "--video --video-ffmpeg-dir --video-fps --video-timestamp-interval --webui-config "
        + "--webui-config-file --weight-decay --winogrande-tasks --xtc-probability --xtc-threshold "
        + "--yarn-attn-factor --yarn-beta-fast --yarn-beta-slow --yarn-ext-factor --yarn-orig-ctx -C -Cb "
        + "-Cbd -Cd -Cr -Crb -Crbd -Crd -a -bf -cms -co -cram -ctxcp -decay-epochs -dt -epochs -f -fitp "
        + "-gan -gaw -hft -j -jf -l -lcd -lcs -lr -lr-min -lv -n -npp -ns -ntg -o -ofreq -opt -p -ptc -r "
        + "-rea -s -sps -sys -sysf -t -tb -tbd -td -to -val-split -wd";

    /// <summary>Words that stand alone.</summary>
    public static ISet<string> Switches { get; } = new HashSet<string>(Alone.Split(' '), StringComparer.Ordinal);

    /// <summary>Words before a value.</summary>
    public static ISet<string> Settings { get; } = new HashSet<string>(WithValue.Split(' '), StringComparer.Ordinal);
}
