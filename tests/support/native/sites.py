# SPDX-License-Identifier: GPL-3.0-or-later
"""The providers that native_provider.py is: one Site for each, with its models and what they can do.

A site's address is http://127.0.0.1:PORT/NAME; its paths are the provider's own behind that.
"""

from dataclasses import dataclass

KEY = "native-provider-key"  # what a provider takes
LIMITED_KEY = "native-provider-limited"  # of an account that is over its limit
CONTEXT = 6000  # tokens that every model reads


@dataclass(frozen=True)
class Model:
    name: str
    sees: bool = False
    thinks: bool = False  # when it is asked to
    always_thinks: bool = False
    calls: bool = True
    schema: bool = True
    embeds: bool = False

    @property
    def can_think(self):
        return self.thinks or self.always_thinks


@dataclass(frozen=True)
class Site:
    name: str  # in the address, and of the provider in the gateway's configuration
    kind: str  # of gateway/providers/provider_table.cpp
    title: str
    format: str  # the module that speaks it: openai, anthropic, gemini, bedrock, cohere, ollama
    models: tuple
    base: str = ""  # behind the address, what goes into base_url

    def model(self, name):
        return next((model for model in self.models if model.name == name), None)

    def first(self, ability):
        """The name of the first model that has it; None: there is none."""
        return next((model.name for model in self.models if getattr(model, ability)), None)


def _embeds(name):
    return Model(name, calls=False, schema=False, embeds=True)


OPENAI_MODELS = (Model("gpt-4.1", sees=True), Model("gpt-5-mini", sees=True, thinks=True), _embeds("text-embedding-3-small"))
LOCAL_MODELS = (Model("llama-3.1-8b-instruct"), Model("qwen2.5-vl-7b-instruct", sees=True), Model("qwen3-8b", always_thinks=True), _embeds("nomic-embed-text-v1.5"))

SITES = (
    Site("openai", "openai", "OpenAI", "openai", OPENAI_MODELS, "/v1"),
    Site("azure-classic", "azure", "Azure OpenAI, classic", "openai", OPENAI_MODELS),
    Site("azure-v1", "azure", "Azure OpenAI, v1", "openai", OPENAI_MODELS, "/openai/v1"),
    Site("anthropic", "anthropic", "Anthropic", "anthropic", (Model("claude-haiku-4-5-20251001", sees=True, thinks=True), Model("claude-opus-4-6", sees=True, thinks=True))),
    Site("gemini", "gemini", "Google Gemini", "gemini", (Model("gemini-3-flash-preview", sees=True, thinks=True), _embeds("gemini-embedding-001"))),
    Site("vertex-gemini", "vertex", "Google Vertex AI, Gemini", "gemini", (Model("gemini-2.5-flash", sees=True, thinks=True), _embeds("text-embedding-005"))),
    Site("vertex-claude", "vertex", "Google Vertex AI, Claude", "anthropic", (Model("claude-sonnet-4-5@20250929", sees=True, thinks=True),)),
    Site("bedrock-claude", "bedrock", "Amazon Bedrock, Claude", "bedrock",
         (Model("us.anthropic.claude-3-7-sonnet-20250219-v1:0", sees=True, thinks=True, schema=False), Model("us.anthropic.claude-haiku-4-5-20251001-v1:0", sees=True, thinks=True),
          _embeds("amazon.titan-embed-text-v2:0"))),
    Site("bedrock-nova", "bedrock", "Amazon Bedrock, Nova", "bedrock", (Model("us.amazon.nova-2-lite-v1:0", sees=True, thinks=True, schema=False), _embeds("amazon.titan-embed-text-v2:0"))),
    Site("cohere", "cohere", "Cohere", "cohere",
         (Model("command-a-03-2025"), Model("command-a-vision-07-2025", sees=True, calls=False), Model("command-a-reasoning-08-2025", thinks=True), _embeds("embed-v4.0"))),
    Site("ollama", "ollama", "Ollama", "ollama", (Model("llama3.2"), Model("qwen3-vl", sees=True, thinks=True), _embeds("nomic-embed-text"))),
    Site("ollama-v1", "ollama", "Ollama, below /v1", "openai", (Model("llama3.2"), Model("qwen3-vl", sees=True, always_thinks=True), _embeds("nomic-embed-text")), "/v1"),
    Site("groq", "groq", "Groq", "openai",
         (Model("llama-3.3-70b-versatile", schema=False), Model("meta-llama/llama-4-scout-17b-16e-instruct", sees=True), Model("openai/gpt-oss-120b", always_thinks=True)), "/openai/v1"),
    Site("together", "together", "Together AI", "openai",
         (Model("meta-llama/Llama-3.3-70B-Instruct-Turbo"), Model("meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8", sees=True), Model("openai/gpt-oss-120b", always_thinks=True),
          _embeds("intfloat/multilingual-e5-large-instruct")), "/v1"),
    Site("fireworks", "fireworks", "Fireworks AI", "openai",
         (Model("accounts/fireworks/models/llama-v3p3-70b-instruct"), Model("accounts/fireworks/models/llama4-maverick-instruct-basic", sees=True),
          Model("accounts/fireworks/models/gpt-oss-120b", always_thinks=True), _embeds("nomic-ai/nomic-embed-text-v1.5")), "/inference/v1"),
    Site("deepinfra", "deepinfra", "DeepInfra", "openai",
         (Model("meta-llama/Llama-3.3-70B-Instruct"), Model("meta-llama/Llama-3.2-11B-Vision-Instruct", sees=True), Model("deepseek-ai/DeepSeek-R1-0528", always_thinks=True),
          _embeds("BAAI/bge-m3")), "/v1/openai"),
    Site("openrouter", "openrouter", "OpenRouter", "openai",
         (Model("openai/gpt-4o-mini", sees=True), Model("anthropic/claude-sonnet-4.5", sees=True, thinks=True), _embeds("openai/text-embedding-3-small")), "/api/v1"),
    Site("mistral", "mistral", "Mistral AI", "openai", (Model("mistral-small-latest", sees=True), Model("magistral-medium-latest", always_thinks=True), _embeds("codestral-embed")), "/v1"),
    Site("deepseek", "deepseek", "DeepSeek", "openai", (Model("deepseek-chat", schema=False), Model("deepseek-reasoner", always_thinks=True, schema=False))),
    Site("xai", "xai", "xAI", "openai", (Model("grok-4-1-fast-non-reasoning", sees=True), Model("grok-3-mini", always_thinks=True)), "/v1"),
    Site("perplexity", "perplexity", "Perplexity", "openai", (Model("sonar", sees=True, calls=False),)),
    Site("cerebras", "cerebras", "Cerebras", "openai", (Model("llama-3.3-70b"), Model("gpt-oss-120b", always_thinks=True)), "/v1"),
    Site("moonshot", "moonshot", "Moonshot AI", "openai", (Model("kimi-k2-0905-preview"), Model("kimi-latest", sees=True), Model("kimi-k2-thinking", always_thinks=True)), "/v1"),
    Site("alibaba", "alibaba", "Alibaba Model Studio", "openai",
         (Model("qwen-plus"), Model("qwen3-vl-plus", sees=True), Model("qwen3-235b-a22b-thinking-2507", always_thinks=True), _embeds("text-embedding-v4")), "/compatible-mode/v1"),
    Site("vllm", "vllm", "vLLM", "openai", LOCAL_MODELS, "/v1"),
    Site("lmstudio", "lmstudio", "LM Studio", "openai", LOCAL_MODELS, "/v1"),
    Site("llamacpp", "llamacpp", "llama.cpp", "openai", LOCAL_MODELS, "/v1"),
    Site("openai-compatible", "openai-compatible", "any OpenAI-compatible server", "openai", LOCAL_MODELS, "/v1"),
)


def site(name):
    return next((each for each in SITES if each.name == name), None)
