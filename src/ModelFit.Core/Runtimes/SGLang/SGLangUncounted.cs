namespace ModelFit.Runtimes.SGLang;

/// <summary>
/// SGLang's words that change what a start allocates, and that nobody counts (srt/server_args.py of 2026, with two
/// older spellings): caches apart, drafting, experts on other cards, adapters, what is kept in system memory, kernels
/// with buffers of their own.
/// </summary>
internal static class SGLangUncounted
{
    private const string Valued = """
        --config --json-model-override-args --modelopt-quant --modelopt-checkpoint-restore-path --rl-quant-profile
        --max-total-tokens --c128-page-size --swa-full-tokens-ratio --dcp-size --decode-context-parallel-size
        --pp-max-micro-batch-size --pp-async-batch-depth --attn-cp-size --attention-context-parallel-size --moe-dp-size
        --moe-data-parallel-size --dwdp-size --cp-strategy --device --base-gpu-id --gpu-id-step --attention-backend
        --decode-attention-backend --prefill-attention-backend --sampling-backend --radix-cache-backend
        --mm-attention-backend --fp8-gemm-backend --fp4-gemm-backend --bf16-gemm-backend --dsa-prefill-backend
        --dsv4-prefill-backend --dsa-decode-backend --dsa-paged-mqa-logits-backend --dsa-topk-backend --mamba-backend
        --cuda-graph-config --cuda-graph-backend-decode --cuda-graph-backend-prefill --cuda-graph-max-bs-decode
        --cuda-graph-max-bs-prefill --cuda-graph-bs-decode --cuda-graph-bs-prefill --cuda-graph-tc-compiler
        --cuda-graph-max-bs --cuda-graph-bs --triton-attention-num-kv-splits --triton-attention-split-tile-size
        --flashinfer-allreduce-fusion-backend --torch-compile-max-bs --speculative-algorithm
        --speculative-draft-model-path --speculative-draft-model --speculative-num-steps --speculative-eagle-topk
        --speculative-num-draft-tokens --speculative-dflash-block-size --speculative-dspark-block-size
        --speculative-token-map --speculative-attention-mode --speculative-draft-attention-backend
        --speculative-dsa-topk-backend --speculative-draft-kv-cache-dtype --speculative-draft-window-size
        --speculative-moe-runner-backend --speculative-moe-a2a-backend --speculative-draft-model-quantization
        --speculative-adaptive-config --decoupled-spec-role --ep-size --ep --expert-parallel-size --moe-a2a-backend
        --deepep-v2-mode --moe-runner-backend --flashinfer-mxfp4-moe-precision --deepep-mode --deepep-config
        --ep-num-redundant-experts --expert-distribution-recorder-mode --expert-distribution-recorder-buffer-size
        --moe-dense-tp-size --elastic-ep-backend --elastic-ep-initial-size --max-ep-size --max-mamba-cache-size
        --mamba-ssm-dtype --mamba-max-states-per-path --mamba-full-memory-ratio --mamba-radix-cache-strategy
        --int8-mamba-ckpt-size --linear-attn-backend --linear-attn-decode-backend --linear-attn-prefill-backend
        --linear-attn-verify-backend --linear-replayssm-cache-len --hicache-host-memory-mode --hicache-ratio
        --hicache-size --hicache-storage-backend --hicache-storage-backend-extra-config --hisparse-config
        --mm-global-cache-backend --mm-feature-transport --max-lora-rank --lora-target-modules --lora-paths
        --max-loras-per-batch --lora-backend --max-lora-chunk-size --cpu-offload-gb --offload-group-size
        --offload-num-in-group --offload-prefetch-step --offload-mode --kt-weight-path --kt-method --kt-num-gpu-experts
        --kt-max-deferred-experts-per-token --dllm-algorithm --dllm-algorithm-config --disaggregation-mode
        --disaggregation-transfer-backend --disaggregation-decode-retraction-backup --disaggregation-decode-extra-slots
        --encoder-transfer-backend --pdmux-config-path --sm-group-num --rl-on-policy-target --kv-canary
        --return-hidden-states-mode --weight-cache-mode --forward-hooks
        """;

    private const string Bare = """
        --is-embedding --enable-multimodal --enable-fp32-lm-head --quantize-and-serve --disable-hybrid-swa-memory
        --prefill-only-disable-kv-cache --enable-page-major-kv-layout --enable-unified-memory --dcp-replicate-q-proj
        --enable-prefill-cp --enable-dsa-cache-layer-split --enable-cp-decode-attn-tp --enable-dp-attention
        --enable-dp-lm-head --enable-tp-lm-head-all-to-all --enable-attn-tp-input-scattered
        --enable-shared-experts-attn-tp --enable-dense-mlp-attn-tp --disable-attn-tp-gather --disable-prefill-cuda-graph
        --disable-decode-cuda-graph --debug-cuda-graph --enable-nccl-nvls --enable-symm-mem --enable-fused-qk-norm-rope
        --enable-fused-moe-sum-all-reduce --enable-deepseek-v4-fp4-indexer --disable-custom-all-reduce --enable-mscclpp
        --enable-torch-symm-mem --enable-scattered-sconv --enable-quant-communications
        --enforce-disable-flashinfer-allreduce-fusion --enable-aiter-allreduce-fusion --enable-torch-compile
        --enable-torch-compile-debug-mode --enable-multi-layer-eagle --speculative-adaptive --enable-w4a4-mxfp4-megamoe
        --enable-eplb --enable-elastic-expert-backup --enable-waterfill --disable-flashinfer-cutlass-moe-fp4-allgather
        --disable-shared-experts-fusion --enforce-shared-experts-fusion --enable-int8-mamba-checkpoint
        --enable-linear-replayssm --enable-linear-replayssm-spec --enable-hierarchical-cache --enable-hisparse
        --enable-prefix-mm-cache --mm-enable-dp-encoder --enable-mm-global-cache --keep-mm-feature-on-device
        --enable-lora --lora-use-virtual-experts --enable-two-batch-overlap --enable-single-batch-overlap
        --enable-lmcache --enable-flexkv --encoder-only --language-only --disaggregation-decode-enable-radix-cache
        --disaggregation-decode-enable-offload-kvcache --enable-pdmux --enable-deterministic-inference
        --enable-weights-cpu-backup --enable-draft-weights-cpu-backup --enable-return-hidden-states
        --enable-return-routed-experts --enable-return-indexer-topk --enable-mis
        """;

    /// <summary>Every row.</summary>
    public static IEnumerable<LaunchWord> All => Words(Valued, true).Concat(Words(Bare, false));

    private static IEnumerable<LaunchWord> Words(string names, bool takeValues) =>
        names.Split(new[] { ' ', '\r', '\n' }, StringSplitOptions.RemoveEmptyEntries)
            .Select(name => new UncountedWord(new[] { name }, null, takeValues));
}
