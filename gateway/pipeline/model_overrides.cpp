// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/model_overrides.h"

namespace gateway::pipeline {

ModelOverrides overridesOf(const config::ModelSettings &model)
{
    return {.input = model.inputPerMtok,
            .output = model.outputPerMtok,
            .cachedInput = model.cachedInputPerMtok,
            .cacheWrite = model.cacheWritePerMtok,
            .cacheWrite1h = model.cacheWrite1hPerMtok,
            .contextWindow = model.context,
            .maxOutput = model.maxOutput,
            .audioInput = model.audioInputPerMtok,
            .cachedAudio = model.cachedAudioPerMtok,
            .audioOutput = model.audioOutputPerMtok,
            .tools = model.tools,
            .vision = model.vision,
            .jsonSchema = model.jsonSchema,
            .audio = model.audio};
}

} // namespace gateway::pipeline
