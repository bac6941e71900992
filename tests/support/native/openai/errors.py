# SPDX-License-Identifier: GPL-3.0-or-later
"""How each provider that speaks OpenAI's format refuses: status, shape and words differ in every one of them."""

from ..conversation import Refusal
from ..http_server import json_answer

LIMIT_HEADERS = {"retry_after": "1"}


def _numbers(refusal):
    """Tokens that were sent and that the model reads, where that is what is wrong."""
    return refusal.param if refusal.kind == "context" else (0, 0)


def _nested(message, kind, code=None, param=None, **more):
    return {"error": {"message": message, "type": kind, "param": param, "code": code, **more}}


def _openai(refusal, model):
    sent, most = _numbers(refusal)
    return {
        "invalid": (400, _nested(refusal.message, "invalid_request_error", refusal.code, refusal.param)),
        "model": (404, _nested(f"The model `{model}` does not exist or you do not have access to it.", "invalid_request_error", "model_not_found")),
        "context": (400, _nested(f"This model's maximum context length is {most} tokens. However, your messages resulted in {sent} tokens. Please reduce the length of the messages.",
                                 "invalid_request_error", "context_length_exceeded", "messages")),
        "key": (401, _nested("Incorrect API key provided: native-p*******-key. You can find your API key at https://platform.openai.com/account/api-keys.", "invalid_request_error", "invalid_api_key")),
        "limit": (429, _nested(f"Rate limit reached for {model} in organization org-native on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 1s.",
                               "requests", "rate_limit_exceeded")),
        "path": (404, _nested(f"Invalid URL ({refusal.message})", "invalid_request_error")),
    }[refusal.kind]


def _azure(refusal, model):
    return {
        "model": (404, {"error": {"type": "invalid_request_error", "code": "DeploymentNotFound", "message": "The API deployment for this resource does not exist. If you created the deployment "
                                  "within the last 5 minutes, please wait a moment and try again."}}),
        "key": (401, {"error": {"code": "401", "message": "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and "
                                "use a correct regional API endpoint for your resource."}}),
        "limit": (429, {"error": {"code": "RateLimitReached", "message": f"Your requests to {model} for {model} in westeurope have exceeded rate limit.",
                                  "details": f"Your requests to {model} for {model} in westeurope have exceeded rate limit."}}),
        "path": (404, {"error": {"code": "404", "message": "Resource not found"}}),
    }.get(refusal.kind) or _openai(refusal, model)


def _groq(refusal, model):
    return {
        "model": (404, {"error": {"message": f"The model `{model}` does not exist or you do not have access to it.", "type": "invalid_request_error", "code": "model_not_found"}}),
        "context": (400, {"error": {"message": "Please reduce the length of the messages or completion.", "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}}),
        "key": (401, {"error": {"message": "Invalid API Key", "type": "invalid_request_error", "code": "invalid_api_key"}}),
        "limit": (429, {"error": {"message": f"Rate limit reached for model `{model}` in organization `org_native` service tier `on_demand` on requests per minute (RPM): Limit 30, Used 30, "
                                  "Requested 1. Please try again in 1s.", "type": "requests", "code": "rate_limit_exceeded"}}),
        "path": (404, {"error": {"message": f"Unknown request URL: {refusal.message}. Please check the URL for typos, or see the docs at https://console.groq.com/docs/",
                                 "type": "invalid_request_error", "code": "unknown_url"}}),
    }.get(refusal.kind) or (400, {"error": {"message": refusal.message, "type": "invalid_request_error"}})


def _mistral(refusal, model):
    sent, most = _numbers(refusal)
    flat = lambda message, kind, code: {"object": "error", "message": message, "type": kind, "param": None, "code": code}
    return {
        "invalid": (422, {"object": "error", "message": {"detail": [{"type": refusal.code or "value_error", "loc": ["body", refusal.param or "messages"], "msg": refusal.message}]},
                          "type": "invalid_request_error", "param": None, "code": None}),
        "model": (400, flat(f"Invalid model: {model}", "invalid_model", "1500")),
        "context": (400, flat(f"Prompt contains {sent} tokens and 0 draft tokens, too large for model with {most} maximum context length", "invalid_request_error", "3051")),
        "key": (401, {"detail": "Invalid API Key"}),
        "limit": (429, flat("Rate limit exceeded", "rate_limited", "1300")),
        "path": (404, {"detail": "Not Found"}),
    }[refusal.kind]


def _together(refusal, model):
    sent, most = _numbers(refusal)
    return {
        "model": (404, _nested(f"Unable to access model {model}. Please visit https://api.together.ai/models to view the list of supported models.", "invalid_request_error", "model_not_available")),
        "context": (422, _nested(f"Input validation error: `inputs` tokens + `max_new_tokens` must be <= {most}. Given: {sent} `inputs` tokens and 0 `max_new_tokens`", "invalid_request_error",
                                 None, "max_tokens")),
        "key": (401, _nested("Invalid API key provided. You can find your API key at https://api.together.ai/settings/api-keys.", "invalid_request_error", "invalid_api_key")),
        "limit": (429, _nested("You have reached the rate limit specific to this model.", "rate_limit", None)),
    }.get(refusal.kind) or _openai(refusal, model)


def _fireworks(refusal, model):
    sent, most = _numbers(refusal)
    flat = lambda message, **more: {"error": {"object": "error", "type": "invalid_request_error", **more, "message": message}}
    return {
        "model": (404, flat("Model not found, inaccessible, and/or not deployed", code="NOT_FOUND")),
        "context": (400, flat(f"The prompt is too long: {sent}, model maximum context length: {most}")),
        "key": (401, {"error": "unauthorized"}),
        "limit": (429, flat("Rate limit exceeded, please try again later.", code="RATE_LIMITED")),
        "path": (404, {"error": "Path not found"}),
    }.get(refusal.kind) or (400, flat(refusal.message))


def _deepinfra(refusal, model):
    sent, most = _numbers(refusal)
    return {
        "model": (404, {"error": {"message": f"The model `{model}` does not exist"}}),
        "context": (400, {"error": {"message": f"This model's maximum context length is {most} tokens. However, you requested {sent} tokens in the messages. Please reduce the length of the messages."}}),
        "key": (401, {"detail": {"error": "User is not authenticated"}}),
        "limit": (429, {"detail": {"error": "Rate limited"}}),
        "path": (404, {"detail": {"error": "Not Found"}}),
    }.get(refusal.kind) or (400, {"error": {"message": refusal.message}})


def _deepseek(refusal, model):
    sent, most = _numbers(refusal)
    return {
        "model": (400, _nested("Model Not Exist", "invalid_request_error", "invalid_request_error")),
        "context": (400, _nested(f"This model's maximum context length is {most} tokens. However, you requested {sent} tokens ({sent} in the messages, 0 in the completion). Please reduce the length "
                                 "of the messages or completion.", "invalid_request_error", "invalid_request_error")),
        "key": (401, _nested("Authentication Fails, Your api key: ****-key is invalid", "authentication_error", "invalid_request_error")),
        "limit": (429, _nested("Rate limit reached", "rate_limit_error", "rate_limit_error")),
    }.get(refusal.kind) or (400, _nested(refusal.message, "invalid_request_error", "invalid_request_error"))


def _xai(refusal, model):
    sent, most = _numbers(refusal)
    return {
        "invalid": (400, {"code": "invalid-argument", "error": refusal.message}),
        "model": (404, {"code": "not-found", "error": f"The model {model} does not exist or your team native does not have access to it."}),
        "context": (400, {"code": "invalid-argument", "error": f"This model's maximum prompt length is {most} but the request contains {sent} tokens."}),
        "key": (400, {"code": "invalid-argument", "error": "Incorrect API key provided. You can obtain an API key from https://console.x.ai."}),
        "limit": (429, {"code": "resource-exhausted", "error": "Too many requests for team native and model. Your team's rate limit is 1 request per second."}),
        "path": (404, {"code": "not-found", "error": "Not found"}),
    }[refusal.kind]


def _openrouter(refusal, model):
    sent, most = _numbers(refusal)
    coded = lambda status, message, **more: (status, {"error": {"message": message, "code": status, **more}, "user_id": "user_native"})
    return {
        "model": coded(400, f"{model} is not a valid model ID"),
        "context": coded(400, f"This endpoint's maximum context length is {most} tokens. However, you requested about {sent} tokens ({sent} of text input). Please reduce the length of either one, or "
                         "use the context-compression plugin to compress your prompt automatically.", metadata={"provider_name": None}),
        "key": (401, {"error": {"message": "No auth credentials found", "code": 401}}),
        "limit": coded(429, "Provider returned error", metadata={"raw": f"{model} is temporarily rate-limited upstream. Please retry shortly.", "provider_name": "Native"}),
        "path": coded(404, "Not Found"),
    }.get(refusal.kind) or coded(400, refusal.message)


def _perplexity(refusal, model):
    coded = lambda status, message, kind: (status, {"error": {"message": message, "type": kind, "code": status}})
    return {
        "model": coded(400, f"Invalid model '{model}'. Permitted models can be found in the documentation at https://docs.perplexity.ai/getting-started/models.", "invalid_model"),
        "context": coded(400, "The total length of all messages is too long.", "too_many_prompt_tokens"),
        "key": coded(401, "Invalid API key provided. Ensure your API key is correct and active.", "invalid_api_key"),
        "limit": coded(429, "Request rate limit exceeded, please try again later.", "request_rate_limit_exceeded"),
        "path": coded(404, "Not Found", "not_found"),
    }.get(refusal.kind) or coded(400, refusal.message, "invalid_message")


def _cerebras(refusal, model):
    sent, most = _numbers(refusal)
    flat = lambda message, kind, param, code: {"message": message, "type": kind, "param": param, "code": code}
    return {
        "model": (404, flat(f"Model {model} does not exist or you do not have access to it.", "not_found_error", "model", "model_not_found")),
        "context": (400, flat(f"Please reduce the length of the messages or completion. Current length is {sent} while limit is {most}", "invalid_request_error", "messages", "context_length_exceeded")),
        "key": (401, flat("Wrong API Key", "invalid_request_error", "api_key", "wrong_api_key")),
        "limit": (429, flat("Requests per minute limit exceeded - too many requests sent.", "too_many_requests_error", "quota", "request_quota_exceeded")),
        "path": (404, flat("Not Found", "not_found_error", None, None)),
    }.get(refusal.kind) or (400, flat(refusal.message, "invalid_request_error", refusal.param, "wrong_api_format"))


def _moonshot(refusal, model):
    plain = lambda message, kind: {"error": {"message": message, "type": kind}}
    return {
        "model": (404, plain(f"Not found the model {model} or Permission denied", "resource_not_found_error")),
        "context": (400, plain(f"Invalid request: Your request exceeded model token limit: {_numbers(refusal)[1]}", "invalid_request_error")),
        "key": (401, plain("Invalid Authentication", "invalid_authentication_error")),
        "limit": (429, plain("Your account native request reached max organization RPM: 3, please try again after 1 seconds", "rate_limit_reached_error")),
        "path": (404, plain("Not found", "resource_not_found_error")),
    }.get(refusal.kind) or (400, plain(f"Invalid request: {refusal.message}", "invalid_request_error"))


def _alibaba(refusal, model):
    return {
        "context": (400, _nested(f"<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, {_numbers(refusal)[1]}]", "invalid_request_error", "invalid_parameter_error")),
        "key": (401, _nested("Incorrect API key provided. ", "invalid_request_error", "invalid_api_key")),
        "limit": (429, _nested("You exceeded your current requests list.", "limit_requests", "limit_requests")),
    }.get(refusal.kind) or _openai(refusal, model)


def _vllm(refusal, model):
    sent, most = _numbers(refusal)
    flat = lambda status, message, kind: (status, {"object": "error", "message": message, "type": kind, "param": None, "code": status})
    return {
        "model": flat(404, f"The model `{model}` does not exist.", "NotFoundError"),
        "context": flat(400, f"This model's maximum context length is {most} tokens. However, you requested {sent} tokens in the messages, Please reduce the length of the messages.", "BadRequestError"),
        "key": (401, {"error": "Unauthorized"}),
        "path": (404, {"detail": "Not Found"}),
    }.get(refusal.kind) or flat(400, refusal.message, "BadRequestError")


def _lmstudio(refusal, model):
    sent, most = _numbers(refusal)
    return {
        "context": (400, {"error": f"Trying to keep the first {sent} tokens when context the overflows. However, the model is loaded with context length of only {most} tokens, which is not enough. "
                          "Try to load the model with a larger context length, or provide a shorter input"}),
        "path": (200, {"error": f"Unexpected endpoint or method. ({refusal.message})"}),
    }.get(refusal.kind) or _openai(refusal, model)


def _llamacpp(refusal, model):
    sent, most = _numbers(refusal)
    coded = lambda status, message, kind, **more: (status, {"error": {"code": status, "message": message, "type": kind, **more}})
    return {
        "context": coded(400, "the request exceeds the available context size, try increasing it", "exceed_context_size_error", n_prompt_tokens=sent, n_ctx=most),
        "key": coded(401, "Invalid API Key", "authentication_error"),
        "path": coded(404, "File Not Found", "not_found_error"),
    }.get(refusal.kind) or coded(400, refusal.message, "invalid_request_error")


def _ollama(refusal, model):
    return {
        "model": (404, _nested(f"model \"{model}\" not found, try pulling it first", "api_error")),
        "context": (400, _nested(f"prompt too long; exceeded max context length by {_numbers(refusal)[0] - _numbers(refusal)[1]} tokens", "invalid_request_error")),
        "key": (401, _nested("Unauthorized", "api_error")),
        "limit": (429, _nested("you've reached your hourly usage limit, please upgrade to continue", "api_error")),
        "path": (404, _nested("404 page not found", "api_error")),
    }.get(refusal.kind) or (400, _nested(refusal.message, "invalid_request_error"))


SHAPES = {"azure-classic": _azure, "azure-v1": _azure, "groq": _groq, "mistral": _mistral, "together": _together, "fireworks": _fireworks, "deepinfra": _deepinfra, "deepseek": _deepseek, "xai": _xai,
          "openrouter": _openrouter, "perplexity": _perplexity, "cerebras": _cerebras, "moonshot": _moonshot, "alibaba": _alibaba, "vllm": _vllm, "lmstudio": _lmstudio, "llamacpp": _llamacpp,
          "ollama-v1": _ollama}


def refused(site, refusal: Refusal, model):
    status, body = SHAPES.get(site.name, _openai)(refusal, model)
    return json_answer(status, body, **(LIMIT_HEADERS if refusal.kind == "limit" else {}))
