// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/python_literal.h"

#include "ui/bridge/text.h"

#include <nlohmann/json.hpp>

using namespace Qt::StringLiterals;

namespace ui::bridge {

using nlohmann::ordered_json;

QString pythonLiteral(const ordered_json &value, int spaces)
{
    switch (value.type()) {
    case ordered_json::value_t::boolean: return value.get<bool>() ? u"True"_s : u"False"_s;
    case ordered_json::value_t::null: return u"None"_s;
    case ordered_json::value_t::object: {
        if (value.empty())
            return u"{}"_s;
        const QString inner(spaces + 4, u' ');
        QString text = u"{\n"_s;
        for (const auto &[key, each] : value.items())
            text += inner + qt(ordered_json(key).dump()) + u": "_s + pythonLiteral(each, spaces + 4) + u",\n"_s;
        return text + QString(spaces, u' ') + u'}';
    }
    case ordered_json::value_t::array: {
        QStringList items;
        for (const auto &each : value)
            items << pythonLiteral(each, spaces);
        return u'[' + items.join(u", "_s) + u']';
    }
    default: return qt(value.dump());
    }
}

} // namespace ui::bridge
