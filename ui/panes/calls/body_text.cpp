// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/body_text.h"

#include <QCoreApplication>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

class Printer
{
public:
    Printer(const QString &json, qsizetype longest) : m_in(json), m_longest(longest) { }

    QString print()
    {
        while (m_at < m_in.size())
            step();
        return m_out;
    }

private:
    void step()
    {
        const QChar c = m_in.at(m_at);
        if (c == u'"') {
            string();
            return;
        }
        ++m_at;
        if (c.isSpace())
            return;
        if (c == u'{' || c == u'[') {
            if (m_depth == 0 && !m_out.isEmpty())
                newLine(); // one value a line: how some providers stream
            m_out += c;
            const QChar next = peek();
            if (next == u'}' || next == u']')
                return;
            ++m_depth;
            newLine();
        } else if (c == u'}' || c == u']') {
            if (!m_out.endsWith(u'{') && !m_out.endsWith(u'[')) {
                m_depth = qMax(0, m_depth - 1);
                newLine();
            }
            m_out += c;
        } else if (c == u',') {
            m_out += c;
            newLine();
        } else if (c == u':') {
            m_out += u": "_s;
        } else {
            m_out += c;
        }
    }

    void string()
    {
        const qsizetype from = m_at++;
        while (m_at < m_in.size() && m_in.at(m_at) != u'"')
            m_at += m_in.at(m_at) == u'\\' ? 2 : 1;
        m_at = qMin(m_at + 1, m_in.size());
        const qsizetype length = m_at - from;
        if (length <= m_longest) {
            m_out += QStringView(m_in).mid(from, length);
            return;
        }
        m_out += QStringView(m_in).mid(from, 80);
        m_out += QCoreApplication::translate("calls", "… (%1 characters)\"").arg(QLocale(QLocale::English).toString(length - 2));
    }

    [[nodiscard]] QChar peek()
    {
        while (m_at < m_in.size() && m_in.at(m_at).isSpace())
            ++m_at;
        return m_at < m_in.size() ? m_in.at(m_at) : QChar();
    }

    void newLine()
    {
        m_out += u'\n';
        m_out += QString(m_depth * 2, u' ');
    }

    QString m_in, m_out;
    qsizetype m_longest;
    qsizetype m_at = 0;
    int m_depth = 0;
};

} // namespace

QString prettyJson(std::string_view json, qsizetype longest) { return Printer(QString::fromUtf8(json.data(), qsizetype(json.size())), longest).print(); }

} // namespace ui::calls
