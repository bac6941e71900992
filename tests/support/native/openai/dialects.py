# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells the providers apart that speak OpenAI's chat format: what they take, and how their answers look."""

from dataclasses import dataclass, field


def _names(text):
    return frozenset(text.split())


CHAT = _names("model messages stream stream_options max_tokens max_completion_tokens temperature top_p n stop seed frequency_penalty presence_penalty logprobs top_logprobs logit_bias user tools tool_choice "
              "parallel_tool_calls response_format reasoning_effort")
OPENAI = CHAT | _names("audio functions function_call metadata modalities prediction prompt_cache_key prompt_cache_options prompt_cache_retention safety_identifier service_tier store verbosity web_search_options")


@dataclass(frozen=True)
class Dialect:
    # what it takes
    parameters: frozenset = None  # all others are refused; None: they are ignored
    roles: frozenset = _names("system user assistant tool")
    max_choices: int = 1
    schema: bool = True  # response_format json_schema
    names: bool = True  # `name` on messages
    message_members: frozenset = None  # all others are refused; None: they are ignored
    alternates: bool = False  # user and assistant, strictly
    nine_ids: bool = False  # tool ids are nine letters or digits
    strict_calls: bool = True  # a tool's result must answer the calls before it
    says_json: bool = False  # json_object wants the word in the prompt
    thoughts_back: bool = False  # a thinking model wants its reasoning_content back within a tool loop
    # how it answers
    thought: str = "reasoning_content"  # where: reasoning_content, reasoning, array (content parts), details (OpenRouter's); empty: hidden
    usage: str = "asked"  # in a stream: asked (own chunk, where asked for), last (finishing chunk, always), groq, every
    usage_nulls: bool = False  # usage: null in the chunks before
    thought_apart: bool = False  # completion_tokens without the thought
    done: bool = True
    newline: str = "\n"
    beginning: tuple = ()  # lines before the first event
    whole_calls: bool = False  # a call's arguments come in one piece
    empty_ids: bool = False  # later pieces of a call have id ""
    first_index: int = 0  # of tool calls
    role_always: bool = False
    object: bool = True
    cumulative: bool = False  # `message` beside `delta`
    stop_word: str = "stop"
    call_id: str = "call_{:024d}"
    envelope: dict = field(default_factory=dict)  # members of every answer and chunk
    message: dict = field(default_factory=dict)  # members of every message
    choice: dict = field(default_factory=dict)
    azure: bool = False


_ALL_ROLES = _names("system developer user assistant tool function")
_DEVELOPER = _names("system developer user assistant tool")
_OPENAI_MESSAGES = _names("role content name tool_calls tool_call_id function_call refusal audio annotations")
_GROQ_MORE = _names("service_tier reasoning_format include_reasoning metadata store functions function_call documents search_settings")
_FIREWORKS_MORE = _names("top_k min_p typical_p repetition_penalty metadata context_length_exceeded_behavior ignore_eos echo prompt_truncate_len perf_metrics_in_response mirostat_target mirostat_lr "
                         "speculation prediction thinking reasoning_history service_tier functions function_call")
_MISTRAL = _names("model messages stream max_tokens temperature top_p n stop random_seed frequency_penalty presence_penalty tools tool_choice parallel_tool_calls response_format prediction prompt_mode "
                  "safe_prompt reasoning_effort")
_CEREBRAS = (CHAT | _names("service_tier clear_thinking prediction disable_reasoning reasoning_format")) - _names("frequency_penalty presence_penalty logit_bias")
_FILTERS = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}
_AZURE = Dialect(
    parameters=OPENAI, message_members=_OPENAI_MESSAGES, roles=_ALL_ROLES, max_choices=128, says_json=True,
    thought="", azure=True, message={"annotations": [], "refusal": None}, choice={"logprobs": None, "content_filter_results": _FILTERS},
)

DIALECTS = {
    "openai": Dialect(
        parameters=OPENAI, message_members=_OPENAI_MESSAGES, roles=_ALL_ROLES, max_choices=128, says_json=True,
        thought="", message={"refusal": None, "annotations": []}, choice={"logprobs": None}, envelope={"service_tier": "default", "system_fingerprint": "fp_native"},
    ),
    "azure-classic": _AZURE,
    "azure-v1": _AZURE,
    "ollama-v1": Dialect(thought="reasoning", whole_calls=True, call_id="call_{:08d}", envelope={"system_fingerprint": "fp_ollama"}),
    "groq": Dialect(
        parameters=CHAT | _GROQ_MORE, names=False, message_members=_names("role content tool_calls tool_call_id function_call reasoning"), says_json=True,
        thought="reasoning", usage="groq", whole_calls=True, call_id="{:09d}", envelope={"system_fingerprint": "fp_native"}, choice={"logprobs": None},
    ),
    "together": Dialect(roles=_names("system user assistant tool function"), max_choices=128, thought="reasoning", usage="last", stop_word="eos", envelope={"prompt": []}),
    "fireworks": Dialect(parameters=CHAT | _FIREWORKS_MORE, max_choices=128, usage="last"),
    "deepinfra": Dialect(max_choices=4, thought_apart=True),
    "openrouter": Dialect(
        roles=_DEVELOPER,
        thought="details", usage="last", beginning=(": OPENROUTER PROCESSING", ""), role_always=True, call_id="toolu_bdrk_{:024d}", envelope={"provider": "Native"}, choice={"native_finish_reason": "stop"},
    ),
    "mistral": Dialect(
        parameters=_MISTRAL, message_members=_names("role content name tool_calls tool_call_id prefix"), max_choices=128, nine_ids=True,
        thought="array", usage="last", whole_calls=True, call_id="{:09d}",
    ),
    "deepseek": Dialect(
        schema=False, says_json=True, thoughts_back=True,
        usage="last", usage_nulls=True, beginning=(": keep-alive", ""), call_id="call_00_{:024d}", choice={"logprobs": None}, envelope={"system_fingerprint": "fp_native_kvcache"},
    ),
    "xai": Dialect(
        roles=_ALL_ROLES, max_choices=128,
        thought_apart=True, whole_calls=True, call_id="call_{:08d}", message={"refusal": None}, envelope={"system_fingerprint": "fp_native"},
    ),
    "perplexity": Dialect(
        roles=_names("system user assistant"), alternates=True,
        usage="every", done=False, newline="\r\n", role_always=True, cumulative=True, envelope={"citations": ["https://example.org/a"]},
    ),
    "cerebras": Dialect(
        parameters=_CEREBRAS, message_members=_names("role content name tool_calls tool_call_id reasoning"),
        thought="reasoning", usage="last", whole_calls=True, call_id="{:09x}",
        envelope={"system_fingerprint": "fp_native", "time_info": {"queue_time": 0.01, "total_time": 0.05, "created": 1764196886}},
    ),
    "moonshot": Dialect(max_choices=5, thoughts_back=True, usage="last", object=False, call_id="get_weather:{}"),
    "alibaba": Dialect(max_choices=4, usage_nulls=True, empty_ids=True, call_id="call_{:024x}", choice={"logprobs": None}, envelope={"system_fingerprint": None}),
    "vllm": Dialect(
        roles=_DEVELOPER, max_choices=128, strict_calls=False,
        call_id="chatcmpl-tool-{:032x}", message={"tool_calls": []}, choice={"logprobs": None, "stop_reason": None},
    ),
    "lmstudio": Dialect(strict_calls=False, call_id="{:09d}", envelope={"system_fingerprint": "native"}),
    "llamacpp": Dialect(strict_calls=False, usage="last", done=False, usage_nulls=True, call_id="{:032x}"),
    "openai-compatible": Dialect(roles=_DEVELOPER, max_choices=128, first_index=1, stop_word="STOP", object=False),
}


def dialect_of(site):
    return DIALECTS[site.name]
