using System;
using System.Collections.Generic;

namespace ModelFit.Runtimes.Vllm;

/// <summary>Words of vLLM that change nothing in its memory, by name (vllm/engine/arg_utils.py, cli_args.py).</summary>
internal static class VllmWords
{
    private const string Names = """
        --additional-config --aggregate-engine-logging --all2all-backend --allow-credentials
        --allow-deprecated-quantization --allowed-headers --allowed-local-media-path --allowed-media-domains
        --allowed-methods --allowed-origins --api-key --api-server-count --async-scheduling
        --attention-backend --block-hash-algorithm --calculate-kv-scales --chat-template
        --chat-template-content-format --code-revision --collect-detailed-traces --config-format
        --cudagraph-metrics --data-parallel-address --data-parallel-backend --data-parallel-external-lb
        --data-parallel-hybrid-lb --data-parallel-rank --data-parallel-rpc-port --data-parallel-size-local
        --data-parallel-start-rank --default-chat-template-kwargs --default-mm-loras --device
        --disable-access-log-for-endpoints --disable-cascade-attn --disable-chunked-mm-input
        --disable-custom-all-reduce --disable-fastapi-docs --disable-frontend-multiprocessing
        --disable-log-requests --disable-log-stats --disable-nccl-for-dp-synchronization
        --disable-uvicorn-access-log --disable-uvicorn-metrics-access-log --distributed-executor-backend
        --download-dir --ec-transfer-config --enable-auto-tool-choice --enable-chunked-prefill
        --enable-force-include-usage --enable-layerwise-nvtx-tracing --enable-log-outputs
        --enable-log-requests --enable-logging-iteration-details --enable-mfu-metrics --enable-mm-embeds
        --enable-prompt-embeds --enable-prompt-tokens-details --enable-reasoning --enable-request-id-headers
        --enable-server-load-tracking --enable-sleep-mode --enable-ssl-refresh
        --enable-tokenizer-info-endpoint --enable-tool-calling --exclude-tools-when-tool-choice-none
        --expert-placement-strategy --generation-config --grpc --guided-decoding-backend
        --h11-max-header-count --h11-max-incomplete-event-size --headless --hf-config-path --hf-token --host
        --ignore-patterns --io-processor-plugin --kernel-config --kv-events-config --kv-sharing-fast-prefill
        --lifespan --load-format --log-config-file --log-error-stack --logits-processors --logprobs-mode
        --lora-dtype --lora-modules --mamba-backend --mamba-block-size --master-addr --master-port
        --max-cpu-loras --max-log-len --max-logprobs --max-long-partial-prefills --max-num-partial-prefills
        --max-parallel-loading-workers --max-seq-len-to-capture --media-io-kwargs --middleware
        --mm-encoder-attn-backend --mm-processor-cache-gb --mm-processor-cache-type --mm-processor-kwargs
        --mm-shm-cache-max-object-size-mb --model-impl --model-loader-extra-config --nnodes --node-rank
        --numa-bind --otlp-traces-endpoint --override-generation-config --override-attention-dtype
        --performance-mode --pooler-config --port --prefix-caching-hash-algo --profiler-config
        --pt-load-map-location --ray-workers-use-nsight --reasoning-config --reasoning-parser
        --reasoning-parser-plugin --response-role --return-tokens-as-token-ids --revision --root-path
        --safetensors-load-strategy --scheduler-cls --scheduling-policy --seed --served-model-name
        --show-hidden-metrics-for-version --skip-tokenizer-init --ssl-ca-certs --ssl-cert-reqs
        --ssl-certfile --ssl-keyfile --stream-interval --structured-outputs-config --swap-space --tokenizer
        --tokenizer-mode --tokenizer-revision --tokens-only --tool-call-parser --tool-parser-plugin
        --tool-server --trust-remote-code --trust-request-chat-template --uds --use-tqdm-on-load
        --uvicorn-log-level --video-pruning-rate --weight-transfer-config --worker-cls
        --worker-extension-cls -asc -dpa -dpb -dpl -dpn -dpp -dpr -ac -h
        """;

    /// <summary>The words with their negations.</summary>
    public static HashSet<string> Immaterial { get; } = Read();

    private static HashSet<string> Read()
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in Names.Split(new[] { ' ', '\n', '\r' }, StringSplitOptions.RemoveEmptyEntries))
        {
            words.Add(name);
            if (name.StartsWith("--", StringComparison.Ordinal)) words.Add("--no-" + name.Substring(2));
        }

        foreach (var name in new[] { "--no-enforce-eager", "--no-enable-lora", "--no-enable-expert-parallel" })
            words.Add(name);
        return words;
    }
}
