// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string_view>

namespace ui::calls {

/// JSON with line breaks and indents. Works on the text itself: key order and numbers stay as they were sent, and a body
/// that was cut is shown as far as it goes. Strings beyond `longest` characters are shortened (images in base64).
QString prettyJson(std::string_view json, qsizetype longest = 4000);

} // namespace ui::calls
