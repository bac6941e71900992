// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QWidget>

#include <functional>
#include <map>
#include <string>

class QComboBox;
class QPlainTextEdit;

namespace ui::widgets {
class CountField;
}

namespace ui::keys {

/// The part of a key's form that says what the key puts into its calls: metadata, and defaults for what their callers do not
/// say. Metadata and the rarer defaults are written as in the configuration file. GUI thread.
class CallAdditions final : public QObject
{
    Q_OBJECT
public:
    CallAdditions(const gateway::config::Config &config, QObject *parent);

    /// @param add  puts a field into the form: its label, the field, a note
    void addTo(const std::function<void(const QString &, QWidget *, const QString &)> &add) const;
    void fill(const gateway::config::VirtualKey &key);
    [[nodiscard]] const std::map<std::string, std::string> &metadata() const { return m_metadata; }
    [[nodiscard]] gateway::config::KeyDefaults defaults() const;
    /// What is to be mended first; empty: nothing.
    [[nodiscard]] QString typedWrong() const;
    /// @param field  as the gateway calls it within a key: "defaults.temperature"; null: none of these
    [[nodiscard]] QWidget *fieldOf(const QString &field) const;

Q_SIGNALS:
    void edited();

private:
    void readMetadata();
    void readMore();

    QPlainTextEdit *m_metadataText, *m_more;
    QComboBox *m_route;
    widgets::CountField *m_maxTokens;
    std::map<std::string, std::string> m_metadata; ///< as last read
    gateway::config::JsonText m_moreText;          ///< likewise: all defaults but those that have a field
};

} // namespace ui::keys
