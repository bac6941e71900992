// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/body_texts.h"

/// Under the same names here.
namespace gateway::privacy {

using wire::bodyTexts;
using wire::BodyText;
using wire::isMedia;
using wire::Take;
using wire::TextRole;

} // namespace gateway::privacy
