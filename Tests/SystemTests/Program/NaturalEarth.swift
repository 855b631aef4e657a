import TestSupport

/// Natural Earth's countries at 1:10m as release 5.1.1 has them: names of files, 168 columns, codes that are left open, disputed areas,
/// lands on both sides of the antimeridian. The shapes are made up.
enum NaturalEarth {
  static let countries = 258

  /// By `adm0_a3`: name, what it is, `iso_a2`, `iso_a2_eh`, `iso_a3`, `iso_a3_eh`.
  private static let special = """
    FRA|France|Country|-99|FR|-99|FRA
    NOR|Norway|Sovereign country|-99|NO|-99|NOR
    KOS|Kosovo|Disputed|-99|XK|-99|-99
    CYN|N. Cyprus|Sovereign country|-99|-99|-99|-99
    SOL|Somaliland|Indeterminate|-99|-99|-99|-99
    KAS|Siachen Glacier|Indeterminate|-99|-99|-99|-99
    BRT|Bir Tawil|Indeterminate|-99|-99|-99|-99
    BRI|Brazilian I.|Indeterminate|-99|-99|-99|-99
    SPI|Southern Patagonian Ice Field|Indeterminate|-99|-99|-99|-99
    SCR|Scarborough Reef|Indeterminate|-99|-99|-99|-99
    PGA|Spratly Is.|Indeterminate|-99|-99|-99|-99
    CNM|Cyprus U.N. Buffer Zone|Indeterminate|-99|-99|-99|-99
    TWN|Taiwan|Sovereign country|CN-TW|TW|TWN|TWN
    FJI|Fiji|Sovereign country|FJ|FJ|FJI|FJI
    RUS|Russia|Sovereign country|RU|RU|RUS|RUS
    ATA|Antarctica|Indeterminate|AQ|AQ|ATA|ATA
    CIV|Côte d'Ivoire|Sovereign country|CI|CI|CIV|CIV
    """

  static func write(_ path: String) throws {
    try MapData.build(
      path,
      """
      stem, count = "ne_10m_admin_0_countries", int(arguments[0])
      whole = "scalerank LABELRANK ADM0_DIF LEVEL GEOU_DIF SU_DIF BRK_DIFF MAPCOLOR7 MAPCOLOR8 MAPCOLOR9 MAPCOLOR13 POP_RANK POP_YEAR GDP_MD GDP_YEAR WOE_ID WOE_ID_EH ADM0_A3_UN ADM0_A3_WB NAME_LEN LONG_LEN ABBREV_LEN TINY HOMEPART".split()
      real = "POP_EST MIN_ZOOM MIN_LABEL MAX_LABEL LABEL_X LABEL_Y".split()
      views = "US FR RU ES CN TW IN NP PK DE GB BR IL PS SA EG MA PT AR JP KO VN TR ID PL GR IT NL SE BD UA".split()
      names = ("featurecla scalerank LABELRANK SOVEREIGNT SOV_A3 ADM0_DIF LEVEL TYPE TLC ADMIN ADM0_A3 GEOU_DIF GEOUNIT GU_A3 SU_DIF SUBUNIT SU_A3 "
          "BRK_DIFF NAME NAME_LONG BRK_A3 BRK_NAME BRK_GROUP ABBREV POSTAL FORMAL_EN FORMAL_FR NAME_CIAWF NOTE_ADM0 NOTE_BRK NAME_SORT NAME_ALT "
          "MAPCOLOR7 MAPCOLOR8 MAPCOLOR9 MAPCOLOR13 POP_EST POP_RANK POP_YEAR GDP_MD GDP_YEAR ECONOMY INCOME_GRP FIPS_10 ISO_A2 ISO_A2_EH ISO_A3 "
          "ISO_A3_EH ISO_N3 ISO_N3_EH UN_A3 WB_A2 WB_A3 WOE_ID WOE_ID_EH WOE_NOTE ADM0_ISO ADM0_DIFF ADM0_TLC").split()
      names += [f"ADM0_A3_{view}" for view in views] + "ADM0_A3_UN ADM0_A3_WB CONTINENT REGION_UN SUBREGION REGION_WB NAME_LEN LONG_LEN ABBREV_LEN TINY HOMEPART MIN_ZOOM MIN_LABEL MAX_LABEL LABEL_X LABEL_Y NE_ID WIKIDATAID".split()
      names += [f"NAME_{language}" for language in "AR BN DE EN ES FA FR EL HE HI HU ID IT JA KO NL PL PT RU SV TR UK UR VI ZH ZHT".split()]
      names += ["FCLASS_ISO", "TLC_DIFF", "FCLASS_TLC"] + [f"FCLASS_{view}" for view in views]
      assert len(names) == len(set(names)) == 168, len(names)
      kinds = {**{name: ogr.OFTInteger for name in whole}, **{name: ogr.OFTReal for name in real}, "NE_ID": ogr.OFTInteger64}
      special = [line.split("|") for line in arguments[1].split("\\n")]
      rest = [(f"Q{chr(65 + n // 26)}{chr(65 + n % 26)}", f"Land {n}") for n in range(count - len(special))]
      lands = special + [(code, name, "Sovereign country", code[1:], code[1:], code, code) for code, name in rest]
      shapes = {
          "FJI": "MULTIPOLYGON(((177 -19,177 -16,180.00000000000006 -16,180.00000000000006 -19,177 -19)),((-180 -17,-180 -16,-179.8 -16,-179.8 -17,-180 -17)))",
          "RUS": "MULTIPOLYGON(((28 50,28 75,180 75,180 62,28 50)),((-180 65,-180 69,-169 66,-180 65)))",
          "ATA": "POLYGON((-180 -90,-180 -84,0 -70,180 -84,180 -90,-180 -90))",
          "SCR": "POLYGON((117.75 15.15,117.76 15.15,117.76 15.16,117.75 15.15))",
          "KAS": "POLYGON((77 35,77.5 35.5,77 35.5,77.5 35,77 35))",
      }
      def land(n, code, name, kind, a2, a2_eh, a3, a3_eh):
          x, y = -170 + n % 34 * 10, -60 + n // 34 * 10
          values = {field: n for field in whole} | {field: n / 8 for field in real} | {
              "featurecla": "Admin-0 country", "SOVEREIGNT": name, "TYPE": kind, "ADMIN": name, "ADM0_A3": code, "NAME": name, "NAME_LONG": name,
              "ISO_A2": a2, "ISO_A2_EH": a2_eh, "ISO_A3": a3, "ISO_A3_EH": a3_eh, "ISO_N3": "-99" if a3 == "-99" else f"{n:03}", "WB_A2": "-99",
              "FIPS_10": "-99", "UN_A3": "-099" if kind == "Indeterminate" else f"{n:03}", "ADM0_A3_UN": -99, "ADM0_A3_WB": -99, "WOE_ID": -99, "NE_ID": 1159320000 + n,
              "NAME_AR": "فرنسا", "NAME_ZH": "法国", "NAME_RU": "Франция", "ADM0_A3_RU": code, "FCLASS_ISO": "Unrecognized" if kind == "Indeterminate" else "Admin-0 country"}
          return (values, shapes.get(code) or f"POLYGON(({x} {y},{x} {y+9},{x+9} {y+9},{x+9} {y},{x} {y}))")
      fields = [(name, kinds.get(name, ogr.OFTString)) for name in names]
      shapefile(folder, stem, place(4326), ogr.wkbPolygon, fields, [land(n, *about) for n, about in enumerate(lands)])
      open(f"{folder}/{stem}.VERSION.txt", "w").write("5.1.1\\n")
      open(f"{folder}/{stem}.README.html", "w").write("<!DOCTYPE html><title>Natural Earth</title>")
      pack(path, folder)
      """, "\(countries)", special)
  }
}
